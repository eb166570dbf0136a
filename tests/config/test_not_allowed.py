"""An address that only takes what a form sends, opened as a page."""


def test_who_opens_it_gets_a_page_that_leads_on(client, people):
    client.force_login(people.petra)
    response = client.get("/clinics/switch/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    text = response.content.decode()
    assert "There is no page at this address" in text
    assert 'href="/"' in text


def test_it_speaks_the_readers_language(client, people):
    people.petra.language = "sv"
    people.petra.save()
    client.force_login(people.petra)
    assert '<html lang="sv">' in client.get("/clinics/switch/").content.decode()


def test_programs_get_the_bare_answer(client, people):
    client.force_login(people.petra)
    assert not client.put("/clinics/choose/").content
