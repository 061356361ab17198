//! What a person chooses from: a select, a list, one of several forms.

use super::*;

/// What a browser would send goes along; what is about the person is theirs to choose.
#[test]
fn a_select_beside_the_fields_is_asked_for_where_it_matters() {
    let form = |name: &str, first: &str| {
        format!(
            "<form method=post action=/in><select name={name}><option value='{first}'>x</option>\
             <option value=b>y</option><option value=c>z</option></select><input name=u>\
             <input type=password name=p></form>"
        )
    };
    for (name, first, asks) in [
        ("remember_for", "1h", false),
        ("remember_for", "", true),
        ("organization", "a", true),
        ("realm", "a", true),
    ] {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        assert!(talk.shows(&form(name, first)).is_none());
        let asked = talk.said.iter().filter(|said| said.starts_with("? "));
        assert_eq!(
            asked.count(),
            1 + usize::from(asks),
            "{name}: {:?}",
            talk.said
        );
    }
}

#[test]
fn a_list_is_chosen_from() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("discovery").is_none());
    assert!(talk.sample("simplesamlphp-organization").is_none());
    let expected = [
        "? way to sign in (Select your identity provider)",
        "GET /disco entityID=https://sp.example.org return=r idpentityid=https://b.example.org/idp go=Select",
        "? way to sign in (Organization)",
        "? the password of jane",
        "POST /start username=jane password=*hunter2 organization=guests lang=en AuthState=_1",
    ];
    assert_eq!(talk.said, expected);
}

/// LemonLDAP::NG's "Choice": which directory a password goes to is nobody's guess.
#[test]
fn forms_that_differ_in_a_hidden_field_are_a_choice() {
    let form = |n: &str, hidden: &str| {
        format!(
            "<div id={n}><form id=lform{n} action='/' method=post>{hidden}<input name=user>\
             <input type=password name=password><button>Connect</button></form></div>"
        )
    };
    let auth = |n: &str| {
        let token = format!("<input type=hidden name=token value=t{n}>");
        form(
            n,
            &format!("{token}<input type=hidden name=lmAuth value={n}>"),
        )
    };
    let tabs = "<a href='#1_LDAP'><div>Annuaire LDAP</div></a><a href='#2_DB'>Partenaires</a>";
    let both = format!("{tabs}{}{}", auth("1_LDAP"), auth("2_DB"));
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    let event = PageEvent {
        url: talk.url.clone(),
        status: 200,
        www_authenticate: vec![],
        body: both.clone().into(),
    };
    match talk.flow.next(Event::Page(event)) {
        Step::Choose(choice) => {
            let offers: Vec<_> = choice.options.iter().map(|o| (&*o.id, &*o.label)).collect();
            let expected = [
                ("1_LDAP", "Annuaire LDAP (lform1_LDAP)"),
                ("2_DB", "Partenaires (lform2_DB)"),
            ];
            assert_eq!(offers, expected);
            assert!(choice.what.contains("`form`"));
        }
        other => panic!("{other:?}"),
    }

    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.shows(&both).is_none());
    assert_eq!(
        talk.said[1..],
        [
            "? the password of jane",
            "POST / token=t2_DB lmAuth=2_DB user=jane password=*hunter2"
        ]
    );
    // It asks again: for nothing that would be chosen anew.
    assert!(matches!(talk.shows(&both), Some(Step::Refuse(r)) if r.what == Refused::Password));

    let named = FormFields {
        form: Some("lform1_LDAP".to_owned()),
        ..FormFields::default()
    };
    let token = |value: &str| {
        form(
            value,
            &format!("<input type=hidden name=csrf value={value}>"),
        )
    };
    let same = |value: &str| form(value, "<input type=hidden name=lmAuth value=LDAP>");
    for (page, fields) in [
        (both, named),
        // Twice the same, for two sizes of screen.
        (token("a") + &token("b"), FormFields::default()),
        (same("a") + &same("b"), FormFields::default()),
        (auth("1_LDAP"), FormFields::default()),
    ] {
        let mut talk = Talk::new(Some("jane"), fields);
        assert!(talk.shows(&page).is_none());
        assert_eq!(talk.said[0], "? the password of jane", "{page}");
    }
}
