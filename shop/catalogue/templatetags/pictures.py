from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from PIL import Image

from shop.catalogue.pictures import thumbnail

register = template.Library()
PLACEHOLDER = "img/no-picture.svg"


@register.simple_tag
def picture(image, size: int, alt: str = "", eager: bool = False) -> SafeString:
    """An <img> of a ProductImage, a file field or None (then a drawn placeholder), `size` pixels square.

    The file is twice as large, for sharp screens; width and height keep the page from jumping.
    """
    source = getattr(image, "original", image)
    try:
        url = thumbnail(source, size * 2, size * 2).url if source else static(PLACEHOLDER)
    except (OSError, SyntaxError, Image.DecompressionBombError):  # missing or broken: show the page all the same
        url = static(PLACEHOLDER)
    loading = "eager" if eager else "lazy"
    tag = '<img src="{}" width="{}" height="{}" alt="{}" loading="{}" decoding="async">'
    return format_html(tag, url, size, size, alt, loading)
