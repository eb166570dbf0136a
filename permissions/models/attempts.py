"""What is counted to slow down who tries too often. Kept in the database: all servers count together."""

from django.db import models


class Attempt(models.Model):
    """`key` is a keyed hash: who or from where it was can't be read from it."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "key", "at"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return self.kind
