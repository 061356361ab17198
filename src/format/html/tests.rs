use proptest::prelude::*;

use super::*;

/// `name=value` of what a browser would send.
fn sent(form: &Form) -> Vec<String> {
    form.controls
        .iter()
        .filter(|c| c.sent && !c.name.is_empty())
        .map(|c| format!("{}={}", c.name, c.value))
        .collect()
}

fn forms(text: &str) -> Vec<Form> {
    read(text).unwrap().forms
}

#[test]
fn a_form_as_written() {
    let page = read(
        r#"<title> Sign
           In</title><meta http-equiv="Refresh" content="5; URL='/next?a=1&amp;b=2'">
           <form id=f name=n method=POST action=" /ls/?a=1&amp;b=2&c=3 ">
           <input name=UserName type=email value="a&#64;b"><input type=password name=Password>
           <input type=hidden name=AuthMethod value=Forms><input name=noname2 disabled value=x>
           <input type=checkbox name=Kmsi value=true><input type=checkbox name=ok checked>
           <select name=s><option>one two<option value=2 selected>two</select>
           <select name=t><option disabled>no<option> first  one </select>
           <textarea name=x>
text</textarea>
           <button name=go value=1>Go</button><input type=button name=b><input type=reset>
           </form>"#,
    )
    .unwrap();
    assert_eq!(page.title, "Sign In");
    assert_eq!(
        page.meta_refresh,
        Some(Refresh {
            delay: 5,
            url: "/next?a=1&b=2".into()
        })
    );
    let form = &page.forms[0];
    assert_eq!((form.id.as_str(), form.name.as_str()), ("f", "n"));
    assert_eq!(
        (form.action.as_str(), form.method),
        ("/ls/?a=1&b=2&c=3", FormMethod::Post)
    );
    assert_eq!(
        sent(form),
        [
            "UserName=a@b",
            "Password=",
            "AuthMethod=Forms",
            "ok=on",
            "s=2",
            "t=first one",
            "x=text"
        ]
    );
    assert_eq!(form.submits.len(), 1);
    assert_eq!(
        (
            form.submits[0].name.as_str(),
            form.submits[0].value.as_str()
        ),
        ("go", "1")
    );
}

#[test]
fn a_form_that_a_table_takes_apart_keeps_its_rows() {
    let forms = forms(
        "<input name=before><table><form action=a method=post><tr><td><input name=u></td></tr>
         <tr><td><input name=p type=password><input type=submit name=go></td></tr></form></table>
         <form action=b><input name=other></form><input name=after>",
    );
    assert_eq!(sent(&forms[0]), ["u=", "p="]);
    assert_eq!(forms[0].submits.len(), 1);
    assert_eq!(
        sent(&forms[1]),
        ["other="],
        "it has its own, so no stray ones"
    );
}

#[test]
fn a_form_attribute_wins_over_the_place() {
    let forms = forms(
        "<form id=one><input name=a><input name=b form=two></form><form id=two></form>
         <input name=c form=one><input name=d form=none><input name=e form=''>",
    );
    assert_eq!(sent(&forms[0]), ["a=", "c="]);
    assert_eq!(sent(&forms[1]), ["b="]);
}

#[test]
fn what_scripts_and_templates_hold_is_not_on_the_page() {
    let page = read(
        r#"<script>var x = '<form><input name=SAMLResponse value=no></form>';</script>
           <!-- <form></form> --><template><form><input name=t></form></template>
           <div id=e><script>bad()</script><b>Wrong</b><style>p{}</style>
           pass&#27;[31mword</div>"#,
    )
    .unwrap();
    assert!(page.forms.is_empty(), "{:?}", page.forms);
    assert_eq!(page.text_of("e"), Some("Wrong pass[31mword"));
}

#[test]
fn debug_shows_no_value() {
    let page = read("<form><input type=hidden name=SAMLResponse value=MARKER></form>").unwrap();
    let shown = format!("{page:?}");
    assert!(
        shown.contains("SAMLResponse") && !shown.contains("MARKER"),
        "{shown}"
    );
}

#[test]
fn refresh_spellings() {
    for (content, expected) in [
        ("0;url=/a", Some((0, "/a"))),
        ("3", Some((3, ""))),
        ("0; /b", Some((0, "/b"))),
        ("1.5, URL = \"/c\" x", Some((1, "/c"))),
        ("soon", None),
        ("", None),
        ("99999999999;url=/", None),
        ("0;url=ü", Some((0, "ü"))),
        ("0;üü", Some((0, "üü"))),
    ] {
        let text = format!("<meta http-equiv=refresh content='{content}'>");
        let found = read(&text).unwrap().meta_refresh.map(|r| (r.delay, r.url));
        assert_eq!(
            found,
            expected.map(|(delay, url): (u32, &str)| (delay, url.to_owned())),
            "{content}"
        );
    }
}

fn names(count: usize, after: &str) -> String {
    (0..count).map(|i| format!("a{i}{after}")).collect()
}

/// Pages that would exhaust the parser's time or memory, or the stack when the tree is dropped.
#[test]
fn hostile_pages_are_refused_or_read_quickly() {
    let rows: String = (0..2_000).map(|i| format!("<font size={i}><p>")).collect();
    let fonts: String = (0..MAX_FORMATTING)
        .map(|i| format!("<font size={i}>"))
        .collect();
    let pages = [
        ("nested", "<div>".repeat(200_000), Some("tags")),
        ("nested within the limit", "<div>".repeat(MAX_TAGS), None),
        ("nested ids", "<div id=x>a".repeat(MAX_TAGS), None),
        ("too large", " ".repeat(MAX_BYTES + 1), Some("bytes")),
        ("forms", "<form></form>".repeat(10_000), Some("tags")),
        (
            "some fewer forms",
            "<form></form>".repeat(100),
            Some("forms"),
        ),
        (
            "controls",
            "<input name=a>".repeat(MAX_CONTROLS + 1),
            Some("form controls"),
        ),
        ("misnested", rows, Some("formatting tags")),
        (
            "misnested within the limit",
            format!("<p>{fonts}{}", "<p>x".repeat(4_000)),
            Some("elements"),
        ),
        ("tables", "<table>".repeat(MAX_TAGS), None),
        (
            "table text",
            format!("<table>{}", "<tr>x".repeat(2_000)),
            None,
        ),
        (
            "unclosed attribute",
            format!("<a b=\"{}", "<".repeat(500_000)),
            None,
        ),
        (
            "attributes",
            format!("<a {}>", names(100_000, " ")),
            Some("attributes in one tag"),
        ),
        (
            "attributes, slashes",
            format!("<a {}>", names(9_000, "/")),
            Some("attributes in one tag"),
        ),
        (
            "attributes, quotes",
            format!("<a x='>' {}>", names(9_000, "=''")),
            Some("attributes in one tag"),
        ),
        (
            "attributes within the limit",
            format!("<i {}>", names(2_900, " ")).repeat(60),
            None,
        ),
        (
            "a script that looks like tags",
            format!(
                "<script>{}</script>",
                "if (i<n && n>0) {a = b;} ".repeat(4_000)
            ),
            None,
        ),
        (
            "unclosed tags",
            format!("{}{}", "<a".repeat(200), "b".repeat(1_000_000)),
            Some("bytes of unclosed tags"),
        ),
        ("entities", "&amp;".repeat(200_000), None),
        (
            "options",
            format!("<form><select name=s>{}", "<option>".repeat(4_000)),
            None,
        ),
    ];
    for (name, text, refused) in pages {
        // What is read all the same is bounded by these limits; without one, it never ends.
        let what = read(&text).err().map(|e| e.what);
        assert_eq!(what, refused, "{name}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,400}") {
        let _ = read(&text);
    }

    #[test]
    fn any_tag_soup_is_read_or_refused(parts in proptest::collection::vec(soup(), 0..60)) {
        let _ = read(&parts.concat());
    }
}

fn soup() -> impl Strategy<Value = String> {
    let name = proptest::sample::select(vec![
        "form",
        "input",
        "table",
        "tr",
        "td",
        "select",
        "option",
        "button",
        "textarea",
        "template",
        "svg",
        "math",
        "p",
        "a",
        "b",
        "font",
        "title",
        "script",
        "noscript",
        "frameset",
        "meta",
        "body",
        "html",
        "head",
        "foreignObject",
        "annotation-xml",
        "caption",
        "li",
        "h1",
        "plaintext",
    ]);
    let attribute = proptest::sample::select(vec![
        "",
        " name=a",
        " id=x",
        " form=x",
        " type=hidden",
        " type=password value='&amp;'",
        " http-equiv=refresh content='0;url=ü'",
        " selected",
        " /",
        " action=\"",
    ]);
    (0..4_u8, name, attribute, ".{0,5}").prop_map(|(kind, name, attribute, text)| match kind {
        0 => format!("</{name}>"),
        1 => text,
        _ => format!("<{name}{attribute}>"),
    })
}
