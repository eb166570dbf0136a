from django.db import migrations

# (app, model, title, slug, path): the pages that header and footer lead to, in a new portal
PAGES = [
    ("home", "HomePage", "Start", "home", "00010001"),
    ("news", "NewsIndexPage", "News", "news", "000100010001"),
    ("help", "HelpPage", "Help", "help", "000100010002"),
]


def make_first_pages(apps, schema_editor):
    """Wagtail's welcome page gives way to our start page, news list and manual, so that no menu leads nowhere."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    locale, _created = Locale.objects.get_or_create(language_code="en")
    first = None
    for app, model, title, slug, path in PAGES:
        content_type, _created = ContentType.objects.get_or_create(app_label=app, model=model.lower())
        page = apps.get_model(app, model).objects.create(
            title=title,
            draft_title=title,
            slug=slug,
            content_type=content_type,
            locale=locale,
            path=path,
            depth=len(path) // 4,
            numchild=0,
            url_path="/home/" if first is None else f"/home/{slug}/",
            show_in_menus=True,
        )
        first = first or page
    Page.objects.filter(depth=1).update(numchild=1)
    Page.objects.filter(path="00010001").update(numchild=len(PAGES) - 1)
    Site.objects.create(hostname="localhost", port=80, site_name="Bestil", root_page_id=first.pk, is_default_site=True)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("news", "0001_initial"),
        ("help", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_first_pages, migrations.RunPython.noop)]
