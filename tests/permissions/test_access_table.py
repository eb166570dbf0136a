"""placeholder"""

import csv, os, time
import pytest
from tests.permissions.site_walk import *
from tests.permissions.site_samples import *
from tests.permissions.site_visitor import *
from tests.permissions import site_visitor


@pytest.fixture(scope="module")
def world(template_database, django_db_blocker):
    from tests.databases import copied_database
    from tests.permissions.site_objects import make_world

    with django_db_blocker.unblock(), copied_database(template_database, "access"), pytest.MonkeyPatch.context() as patch:
        patch.setattr("config.urls.handler403", brief_refusal, raising=False)
        yield make_world()


@pytest.mark.logs_errors
def test_gen(world):
    samples = Samples(world)
    pp = world.people
    users = dict(zip(PEOPLE, [None, pp.asta, pp.petra, pp.olga, pp.otto, pp.edit, pp.stella]))
    rows = []
    found = addresses()
    specials = {}
    for k in samples.special:
        specials.setdefault(k.partition(" [")[0], []).append(k)
    for a in found:
        for n in [a.name] + [k for k in specials.get(a.name, []) if k != a.name]:
            rows.append((Row(n, a.route, "GET", {}), a))
        for n in [
            "set_language",
            "login",
            "logout",
            "password_reset",
            "password_change",
            "profile",
            "switch_clinic",
            "basket:add",
            "basket:line",
            "checkout:index",
            "checkout:details",
            "checkout:review",
            "checkout:confirm",
            "checkout:confirm [Petra's basket]",
            "favourites:toggle",
            "dashboard:user-password-reset",
            "dashboard:logout",
        ]:
            if n.partition(" [")[0] == a.name:
                rows.append((Row(n, a.route, "POST", {}), a))
    out = []
    log = open("/tmp/gen/log.txt", "w")
    for person, user in users.items():
        v = Visitor(user)
        t0 = time.time()
        for row, a in rows:
            path = samples.path_of(row, a)
            if e := leads_elsewhere(path, a.route):
                print("ELSEWHERE", row, path, e, file=log)
            t = time.time()
            ans = v.ask(row.method, path, samples.form_of(row, person) if row.method == "POST" else None)
            dt = time.time() - t
            row.expected[person] = ans.outcome
            if ans.written:
                print("W", person, row.method, row.name, path, ans.outcome, sorted(ans.written), file=log)
            if ans.errors:
                print("E", person, row.method, row.name, path, ans.outcome, ans.errors, file=log)
            if dt > 0.4:
                print("T", person, row.name, path, round(dt, 2), file=log)
            bad = {
                "north": ("anonymous", "other_account", "editor"),
                "south": ("anonymous", "other_account", "editor", "assistant", "purchaser"),
            }
            for c, who in bad.items():
                if person in who:
                    for w in world.canaries[c]:
                        if w in ans.text.replace(path,''):
                            print("CANARY", person, row.name, path, w, ans.outcome, file=log)
        print(person, len(rows), round(time.time() - t0, 1), file=log)
    with open("/tmp/gen/table.csv", "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["url_name", "route", "method", *PEOPLE])
        for row, a in rows:
            w.writerow([row.name, row.route, row.method, *[row.expected[p] for p in PEOPLE]])
