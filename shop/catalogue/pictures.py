"""Thumbnails by imagekit: found by file name, so a page of pictures asks no database."""

from django.db.models.fields.files import FieldFile
from imagekit import ImageSpec
from imagekit.cachefiles import ImageCacheFile
from imagekit.processors import ResizeToFit
from oscar.core.thumbnails import AbstractThumbnailer


class Thumbnail(ImageSpec):
    format = "WEBP"
    options = {"quality": 82}

    def __init__(self, source: FieldFile, width: int, height: int) -> None:
        self.processors = [ResizeToFit(width, height, upscale=False)]
        super().__init__(source=source)


def thumbnail(source: FieldFile, width: int, height: int) -> ImageCacheFile:
    """The picture fitted into width x height pixels; made the first time, found by its name ever after."""
    file = ImageCacheFile(Thumbnail(source, width, height))
    file.generate()
    return file


class Thumbnailer(AbstractThumbnailer):
    """What Oscar's back office makes its thumbnails with (OSCAR_THUMBNAILER)."""

    def generate_thumbnail(self, source: FieldFile, **opts) -> ImageCacheFile:
        width, _x, height = opts["size"].partition("x")
        longest = int(width or height)
        return thumbnail(source, int(width or longest), int(height or longest))

    def delete_thumbnails(self, source: FieldFile) -> None:
        """Left to the clean-up of the cache folder: their names hold the source's, they can't be mistaken."""
