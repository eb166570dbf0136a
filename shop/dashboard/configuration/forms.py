"""What customer service writes: rules between choices, what is no longer made, and how choices are called."""

from collections.abc import Iterable
from itertools import groupby

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import AttributeOption, Option, Product, ProductClass
from shop.configuration.models import ClassOrdering, RetiredProduct, RetiredValue, Rule, Wording


def options_of(product_class: ProductClass) -> QuerySet[Option]:
    """What is asked of the products of a class, or of some of them."""
    found = Option.objects.filter(
        Q(productclass=product_class) | Q(product__product_class=product_class), option_group__isnull=False
    )
    return found.select_related("option_group").distinct().order_by("order", "name")


def grouped(values: Iterable[AttributeOption]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Values under the name of their group, for a list to choose from."""
    return [
        (name, [(value.pk, value.option) for value in members])
        for name, members in groupby(values, key=lambda value: value.group.name)
    ]


class RuleForm(forms.ModelForm):
    class Meta:
        model = Rule
        fields = ("option", "value", "effect", "target_option", "targets", "reason")
        widgets = {"targets": forms.CheckboxSelectMultiple}

    def __init__(self, *args, product_class: ProductClass, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.product_class = product_class
        self.options = options_of(product_class)
        values = AttributeOption.objects.filter(group__product_options__in=self.options).select_related("group")
        values = values.distinct().order_by("group__name", "pk")
        for name in ("option", "target_option"):
            self.fields[name].queryset = self.options
        for name in ("value", "targets"):
            self.fields[name].queryset = values
        choices = grouped(values)
        self.fields["value"].choices = [("", gettext("any value")), *choices]
        self.fields["targets"].choices = choices
        self.fields["targets"].help_text = gettext("None: any answer at all is required, or excluded.")
        self.fields["reason"].help_text = gettext(
            "One sentence in the customers' language. Without it the portal says what the rule says, in every language."
        )

    def clean(self) -> dict:
        data = super().clean() or {}
        option, target = data.get("option"), data.get("target_option")
        if option and target and option == target:
            self.add_error("target_option", gettext("Choose another option than the one that the rule begins with."))
        if (value := data.get("value")) and option and value.group_id != option.option_group_id:
            text = gettext("%(value)s is not a value of %(option)s.") % {"value": value, "option": option}
            self.add_error("value", text)
        if target:
            self._check_targets(
                [value for value in data.get("targets") or () if value.group_id != target.option_group_id], target
            )
        return data

    def _check_targets(self, foreign: list[AttributeOption], target: Option) -> None:
        if not foreign:
            return
        text = ngettext(
            "%(values)s is not a value of %(option)s.", "%(values)s are not values of %(option)s.", len(foreign)
        )
        self.add_error("targets", text % {"values": ", ".join(map(str, foreign)), "option": target})


class WordingForm(forms.Form):
    """What an option or a value is called in each language. Where a field is empty, Oscar's name is shown."""

    def __init__(self, *args, thing: Option | AttributeOption, with_help: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.thing, self.with_help = thing, with_help
        known = {wording.language: wording for wording in thing.wordings.all()}
        for code, name in settings.LANGUAGES:
            wording = known.get(code)
            self.fields[f"text_{code}"] = forms.CharField(
                label=name, max_length=255, required=False, initial=wording.text if wording else ""
            )
            if with_help:
                label = gettext("%(language)s, help text") % {"language": name}
                self.fields[f"help_{code}"] = forms.CharField(
                    label=label, max_length=255, required=False, initial=wording.help_text if wording else ""
                )

    def clean(self) -> dict:
        data = super().clean() or {}
        for code, _name in settings.LANGUAGES:
            if data.get(f"help_{code}") and not data.get(f"text_{code}"):
                self.add_error(f"text_{code}", gettext("Write the name as well as the help text."))
        return data

    @transaction.atomic
    def save(self) -> None:
        owner = {"option" if self.with_help else "value": self.thing}
        for code, _name in settings.LANGUAGES:
            text = self.cleaned_data[f"text_{code}"]
            if text:
                values = {"text": text, "help_text": self.cleaned_data.get(f"help_{code}", "")}
                Wording.objects.update_or_create(**owner, language=code, defaults=values)
            else:
                Wording.objects.filter(**owner, language=code).delete()


class ValueForm(WordingForm):
    """Also whether a value is still made."""

    def __init__(self, *args, thing: AttributeOption, **kwargs) -> None:
        super().__init__(*args, thing=thing, **kwargs)
        retirement = RetiredValue.objects.filter(value=thing).first()
        self.fields["is_retired"] = forms.BooleanField(
            label=_("No longer made"), required=False, initial=retirement is not None
        )
        self.fields["successor"] = forms.ModelChoiceField(
            label=_("What takes its place"),
            queryset=AttributeOption.objects.filter(group=thing.group).exclude(pk=thing.pk).order_by("pk"),
            required=False,
            empty_label=_("Nothing"),
            initial=retirement.successor_id if retirement else None,
        )

    def clean(self) -> dict:
        data = super().clean()
        successor = data.get("successor")
        if successor and not data.get("is_retired"):
            self.add_error("is_retired", gettext("Only what is no longer made has something in its place."))
        if successor and RetiredValue.objects.filter(value=successor).exists():
            text = gettext("%(value)s is no longer made either. Choose another one.") % {"value": successor}
            self.add_error("successor", text)
        return data

    @transaction.atomic
    def save(self) -> None:
        super().save()
        if self.cleaned_data["is_retired"]:
            RetiredValue.objects.update_or_create(
                value=self.thing, defaults={"successor": self.cleaned_data["successor"]}
            )
        else:
            RetiredValue.objects.filter(value=self.thing).delete()


class ClassForm(forms.ModelForm):
    class Meta:
        model = ClassOrdering
        fields = ("patient", "takes_ear_scan")


class RetiredProductForm(forms.Form):
    product = forms.CharField(label=_("Article number of what is no longer sold"), max_length=64)
    successor = forms.CharField(label=_("Article number of what takes its place"), max_length=64)

    def clean_product(self) -> Product:
        return self._find("product")

    def clean_successor(self) -> Product:
        successor = self._find("successor")
        if not successor.is_public or RetiredProduct.objects.filter(product=successor).exists():
            raise forms.ValidationError(gettext("This article is no longer sold either. Choose another one."))
        return successor

    def _find(self, name: str) -> Product:
        product = Product.objects.filter(upc__iexact=self.cleaned_data[name].strip()).first()
        if product is None:
            raise forms.ValidationError(gettext("There is no article with this number."))
        return product

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("product") and data.get("product") == data.get("successor"):
            self.add_error("successor", gettext("Choose another article than the one that is no longer sold."))
        return data

    def save(self) -> RetiredProduct:
        retired, _created = RetiredProduct.objects.update_or_create(
            product=self.cleaned_data["product"], defaults={"successor": self.cleaned_data["successor"]}
        )
        return retired
