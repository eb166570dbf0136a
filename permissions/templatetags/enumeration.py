from django import template

from permissions.enumeration import in_a_sentence

register = template.Library()
register.filter("in_a_sentence", in_a_sentence)
