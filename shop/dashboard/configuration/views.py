"""Back office: rules between choices, what is no longer made, how products are ordered and what choices are called."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Case, Count, Prefetch, When
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shop.catalogue.models import AttributeOption, AttributeOptionGroup, Option, ProductClass
from shop.configuration.models import ClassOrdering, RetiredProduct, Rule
from shop.dashboard.configuration.forms import ClassForm, RetiredProductForm, RuleForm, ValueForm, WordingForm

FOLDER = "oscar/dashboard/configuration"
either = require_http_methods(["GET", "HEAD", "POST"])


def may(*permissions: str) -> Callable:
    """Who lacks one of them is refused; who is not signed in has been sent to the log-in already."""
    names = [f"configuration.{permission}" for permission in permissions]
    return permission_required(names, raise_exception=True)


def posted(request: HttpRequest) -> QueryDict | None:
    """Also an empty form is one that was sent: every box in it was unticked."""
    return request.POST if request.method == "POST" else None


@may("view_rule")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Per product type: how it is ordered, what is asked, and its rules."""
    of_class = Rule.objects.select_related("option", "value", "target_option").prefetch_related("targets")
    classes = ProductClass.objects.select_related("ordering").prefetch_related(
        Prefetch("options", Option.objects.order_by("order", "name")), Prefetch("rules", of_class)
    )
    # What has choices stands first.
    classes = classes.annotate(asked=Count("options")).order_by(Case(When(asked=0, then=1), default=0), "name")
    return render(request, f"{FOLDER}/rules.html", {"classes": classes})


@may("view_rule", "add_rule")
@either
def add_rule(request: HttpRequest, class_pk: int) -> HttpResponse:
    product_class = get_object_or_404(ProductClass, pk=class_pk)
    form = RuleForm(posted(request), product_class=product_class)
    title = _("New rule for %(type)s") % {"type": product_class.name}
    return _form(request, form, title, _("The rule is saved and holds from now on."), "dashboard:configuration-rules")


@may("view_rule", "change_rule")
@either
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Rule.objects.select_related("product_class"), pk=pk)
    form = RuleForm(posted(request), instance=found, product_class=found.product_class)
    title = _("Rule for %(type)s") % {"type": found.product_class.name}
    return _form(request, form, title, _("The rule is saved and holds from now on."), "dashboard:configuration-rules")


@may("view_rule", "delete_rule")
@either
def delete_rule(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Rule, pk=pk)
    if request.method == "POST":
        found.delete()
        messages.success(request, _("The rule is deleted."))
        return redirect("dashboard:configuration-rules")
    context = {"thing": found, "title": _("Delete this rule?"), "back": "dashboard:configuration-rules"}
    return render(request, f"{FOLDER}/delete.html", context)


@may("view_classordering", "change_classordering")
@either
def product_class(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ProductClass, pk=pk)
    ordering = ClassOrdering.objects.filter(pk=pk).first() or ClassOrdering(product_class=found)
    title = _("How %(type)s is ordered") % {"type": found.name}
    form = ClassForm(posted(request), instance=ordering)
    return _form(request, form, title, _("Saved."), "dashboard:configuration-rules")


@may("view_retiredvalue", "view_wording")
@require_safe
def values(request: HttpRequest) -> HttpResponse:
    """Every option, and the values of every group."""
    shown = AttributeOption.objects.select_related("retirement__successor").prefetch_related("wordings").order_by("pk")
    groups = AttributeOptionGroup.objects.prefetch_related(Prefetch("options", shown)).order_by("name")
    options = Option.objects.prefetch_related("wordings").order_by("order", "name")
    return render(request, f"{FOLDER}/values.html", {"groups": groups, "options": options})


@may("change_retiredvalue", "change_wording")
@either
def value(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(AttributeOption.objects.select_related("group"), pk=pk)
    title = f"{found.group.name}: {found.option}"
    return _form(request, ValueForm(posted(request), thing=found), title, _("Saved."), "dashboard:configuration-values")


@may("change_wording")
@either
def option(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Option, pk=pk)
    form = WordingForm(posted(request), thing=found, with_help=True)
    return _form(request, form, found.name, _("Saved."), "dashboard:configuration-values")


@may("view_retiredproduct", "add_retiredproduct", "change_retiredproduct")
@either
def products(request: HttpRequest) -> HttpResponse:
    form = RetiredProductForm(posted(request))
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("dashboard:configuration-products")
    retired = RetiredProduct.objects.select_related("product", "successor").order_by("product__title")
    status = 422 if form.is_bound else 200
    return render(request, f"{FOLDER}/products.html", {"form": form, "retired": retired}, status=status)


@may("view_retiredproduct", "delete_retiredproduct")
@either
def delete_product(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(RetiredProduct.objects.select_related("product", "successor"), pk=pk)
    if request.method == "POST":
        found.delete()
        messages.success(request, _("It has no successor any more."))
        return redirect("dashboard:configuration-products")
    words = {"product": found.product.title, "successor": found.successor.title}
    thing = _("%(product)s is followed by %(successor)s") % words
    context = {"thing": thing, "title": _("Delete this successor?"), "back": "dashboard:configuration-products"}
    return render(request, f"{FOLDER}/delete.html", context)


def _form(request: HttpRequest, form: BaseForm, title: str, done: str, back: str) -> HttpResponse:
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, done)
        return redirect(back)
    status = 422 if form.is_bound else 200
    return render(request, f"{FOLDER}/form.html", {"form": form, "title": title, "back": back}, status=status)
