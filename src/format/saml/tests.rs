use base64::engine::general_purpose;
use proptest::prelude::*;

use super::*;

const ROLE: &str = "arn:aws:iam::111122223333:role/ADFS-Production";
const PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/ADFS";

fn read_xml(xml: &str) -> Result<Response, SamlError> {
    read(&Assertion::new(general_purpose::STANDARD.encode(xml)))
}

/// A response as AD FS writes it, with this inside the attribute statement.
fn response(attributes: &str) -> String {
    format!(
        r#"<samlp:Response Destination="https://signin.aws.amazon.com/saml" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">
        <Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">http://adfs.example.com/adfs/services/trust</Issuer>
        <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success" /></samlp:Status>
        <Assertion Version="2.0" xmlns="urn:oasis:names:tc:SAML:2.0:assertion">
        <Issuer>http://adfs.example.com/adfs/services/trust</Issuer>
        <Subject><SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <SubjectConfirmationData NotOnOrAfter="2026-01-02T03:09:05.123Z" Recipient="https://signin.aws.amazon.com/saml" />
        </SubjectConfirmation></Subject>
        <Conditions NotBefore="2026-01-02T03:04:05Z" NotOnOrAfter="2026-01-02T04:04:05.678Z">
        <AudienceRestriction><Audience>urn:amazon:webservices</Audience></AudienceRestriction></Conditions>
        <AttributeStatement>{attributes}</AttributeStatement>
        </Assertion></samlp:Response>"#
    )
}

fn role_attribute(value: &str) -> String {
    format!(
        r#"<Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><AttributeValue>{value}</AttributeValue></Attribute>"#
    )
}

fn with_role(value: &str) -> String {
    response(&role_attribute(value))
}

fn pair(role: &str, provider: &str) -> (RoleArn, String) {
    (role.parse().unwrap(), provider.to_owned())
}

#[test]
fn what_adfs_sends() {
    let attributes = format!(
        r#"<Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><AttributeValue>jane@example.com</AttributeValue></Attribute>
        <Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">
        <AttributeValue>{PROVIDER},{ROLE}</AttributeValue>
        <AttributeValue>
            {ROLE}2 , {PROVIDER}
        </AttributeValue>
        <AttributeValue>{ROLE},{PROVIDER}</AttributeValue></Attribute>
        <Attribute Name="https://aws.amazon.com/SAML/Attributes/SessionDuration"><AttributeValue> 14400 </AttributeValue></Attribute>"#
    );
    let read = read_xml(&response(&attributes)).unwrap();
    let expected = Response {
        roles: vec![pair(ROLE, PROVIDER), pair(&format!("{ROLE}2"), PROVIDER)],
        unread_roles: vec![],
        session_name: Some("jane@example.com".into()),
        session_duration: Some(14400),
        audience: Some("urn:amazon:webservices".into()),
        recipient: Some("https://signin.aws.amazon.com/saml".into()),
        destination: Some("https://signin.aws.amazon.com/saml".into()),
        not_on_or_after: Timestamp::parse_rfc3339("2026-01-02T03:09:05Z"),
        status: vec!["urn:oasis:names:tc:SAML:2.0:status:Success".into()],
        status_message: None,
    };
    assert_eq!(read, expected);
}

#[test]
fn base64_with_line_breaks_and_without_padding() {
    let dense = general_purpose::STANDARD.encode(with_role(&format!("{ROLE},{PROVIDER}")));
    let lines: Vec<_> = dense
        .as_bytes()
        .chunks(76)
        .map(|l| str::from_utf8(l).unwrap())
        .collect();
    for text in [
        lines.join("\r\n"),
        dense.trim_end_matches('=').to_owned(),
        format!(" {dense}\n"),
    ] {
        assert_eq!(read(&Assertion::new(text)).unwrap().roles.len(), 1);
    }
    for bad in ["", "\\\\\\", "_-_-", "/w==", &"A".repeat(4 * MAX_BYTES)] {
        let error = read(&Assertion::new(bad.to_owned())).unwrap_err();
        assert!(!error.to_string().is_empty() && !error.hint().is_empty());
    }
}

#[test]
fn cdata_and_references_do_not_divide_a_value() {
    let whole = vec![pair(&format!("{ROLE}-ReadOnly"), PROVIDER)];
    for value in [
        format!("{ROLE}<![CDATA[-Read]]>Only,{PROVIDER}"),
        format!("{ROLE}&#45;Read&#x4f;nly,{PROVIDER}"),
    ] {
        assert_eq!(
            read_xml(&with_role(&value)).unwrap().roles,
            whole,
            "{value}"
        );
    }
}

/// CVE-2017-11427 and its kin: to some readers, text before a comment is the whole text.
#[test]
fn a_comment_inside_a_value_is_refused_and_one_between_elements_is_not() {
    let role = format!("{ROLE},{PROVIDER}");
    for aside in ["<!-- x -->", "<!---->", "<?pi x?>"] {
        for value in [
            format!("{ROLE}{aside}-ReadOnly,{PROVIDER}"),
            format!("{aside}{role}"),
            format!("{role}{aside}"),
        ] {
            let error = read_xml(&with_role(&value)).unwrap_err();
            assert_eq!(error, SamlError::Divided, "{value}");
        }
        let named = format!(
            r#"<Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><AttributeValue>jane{aside}</AttributeValue></Attribute>{}"#,
            role_attribute(&role)
        );
        assert_eq!(read_xml(&response(&named)).unwrap_err(), SamlError::Divided);
        let good = with_role(&role);
        // The text of the issuer is nobody's here.
        for tag in ["<Subject>", "<AttributeValue>", "</Attribute>", "</Issuer>"] {
            let beside = good.replace(tag, &format!("{aside}{tag}"));
            assert_ne!(beside, good);
            assert_eq!(
                read_xml(&beside).map(|read| read.roles.len()),
                Ok(1),
                "{tag}"
            );
        }
    }
}

#[test]
fn an_attribute_of_aws_stands_once() {
    let role = role_attribute(&format!("{ROLE},{PROVIDER}"));
    let other = role.replace("/Role\"", "/Other\"");
    assert!(read_xml(&response(&format!("{role}{other}{other}"))).is_ok());
    for name in ["Role", "RoleSessionName", "SessionDuration"] {
        let attribute = role.replace("/Role\"", &format!("/{name}\""));
        let apart = format!("{attribute}</AttributeStatement><AttributeStatement>{attribute}");
        for attributes in [format!("{attribute}{attribute}"), apart] {
            let error = read_xml(&response(&attributes)).unwrap_err();
            assert_eq!(error, SamlError::TwoAttributes(name));
            assert!(!error.hint().is_empty());
        }
    }
}

#[test]
fn values_that_are_no_role_are_named() {
    for value in [
        "oops,ohno",
        ROLE,
        &format!("{ROLE},{PROVIDER},oops"),
        &format!("{ROLE},{ROLE}"),
        &format!("{PROVIDER},{PROVIDER}"),
        &format!("arn:aws-iso:iam::111122223333:role/X,{PROVIDER}"),
        &format!("{ROLE},{PROVIDER}&#10;x"),
    ] {
        match read_xml(&with_role(value)).unwrap_err() {
            SamlError::NoRoles { unread } => assert_eq!(unread.len(), 1, "{value}"),
            other => panic!("{value}: {other}"),
        }
    }
    let both = role_attribute(&format!(
        "oops</AttributeValue><AttributeValue>{ROLE},{PROVIDER}"
    ));
    let read = read_xml(&response(&both)).unwrap();
    assert_eq!(
        (read.roles.len(), read.unread_roles),
        (1, vec!["oops".to_owned()])
    );
    assert_eq!(
        read_xml(&with_role("")).unwrap_err(),
        SamlError::NoRoles { unread: vec![] }
    );
    assert_eq!(
        read_xml(&response("")).unwrap_err(),
        SamlError::NoRoles { unread: vec![] }
    );
}

#[test]
fn names_count_in_their_namespace_and_place_alone() {
    let role = format!("{ROLE},{PROVIDER}");
    let good = with_role(&role);
    assert!(read_xml(&good).is_ok());
    for (from, to) in [
        ("Name=\"https", "x:Name=\"https"),
        (
            "Name=\"https://aws.amazon.com",
            "Name=\"http://aws.amazon.com",
        ),
        ("<Attribute Name", "<Attribute xmlns=\"\" Name"),
        ("<AttributeValue>", "<AttributeValue xmlns=\"urn:other\">"),
        ("<AttributeStatement>", "<Other><AttributeStatement>"),
    ] {
        let bad = good.replace(from, to).replace(
            "</AttributeStatement>",
            match to {
                "<Other><AttributeStatement>" => "</AttributeStatement></Other>",
                _ => "</AttributeStatement>",
            },
        );
        assert_ne!(bad, good);
        assert_eq!(
            read_xml(&bad).unwrap_err(),
            SamlError::NoRoles { unread: vec![] },
            "{to}"
        );
    }
}

#[test]
fn hostile_responses_are_refused() {
    let role = format!("{ROLE},{PROVIDER}");
    let good = with_role(&role);
    let assertion =
        &good[good.find("<Assertion").unwrap()..good.find("</samlp:Response>").unwrap()];
    let bomb = r#"<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>"#;
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let many: String = (0..50_000).map(|i| format!(" a{i}=\"\"")).collect();
    let bindings: String = (0..50_000).map(|i| format!(" xmlns:a{i}=\"u\"")).collect();
    type Expected = fn(&SamlError) -> bool;
    let refused: [(&str, String, Expected); 20] = [
        ("dtd", format!("{bomb}{good}"), |e| *e == SamlError::DocType),
        ("dtd behind", format!("{good}{bomb}"), |e| {
            *e == SamlError::DocType
        }),
        ("entity", with_role(&format!("{ROLE}&x;,{PROVIDER}")), |e| {
            matches!(e, SamlError::Entity(_))
        }),
        (
            "entity elsewhere",
            good.replace("http://adfs", "&x;"),
            |e| matches!(e, SamlError::Entity(_)),
        ),
        (
            "entity in an attribute",
            good.replace("Name=\"https:", "Name=\"&x;"),
            is_ill_formed,
        ),
        ("two roots", format!("{good}<a/>"), is_ill_formed),
        ("text behind", format!("{good}x"), is_ill_formed),
        (
            "truncated",
            good[..good.len() - 20].to_owned(),
            is_ill_formed,
        ),
        (
            "cut in a tag",
            good[..good.len() - 3].to_owned(),
            is_ill_formed,
        ),
        (
            "mismatch",
            good.replace("</Subject>", "</Conditions>"),
            is_ill_formed,
        ),
        ("deep", response(&deep), |e| *e == SamlError::TooDeep),
        (
            "two assertions",
            good.replace(
                "</samlp:Response>",
                &format!("{assertion}</samlp:Response>"),
            ),
            |e| *e == SamlError::TwoAssertions,
        ),
        (
            "wrapped",
            good.replace(
                "<samlp:Status>",
                &format!("<samlp:Extensions>{assertion}</samlp:Extensions><samlp:Status>"),
            ),
            |e| *e == SamlError::MisplacedAssertion,
        ),
        (
            "nested",
            response(&format!("{}{assertion}", role_attribute(&role))),
            |e| *e == SamlError::TwoAssertions,
        ),
        (
            "doubled attribute",
            good.replace("Attribute Name=", "Attribute Name=\"x\" Name="),
            is_ill_formed,
        ),
        (
            "many attributes",
            good.replace("<Subject>", &format!("<Subject{many}>")),
            is_ill_formed,
        ),
        (
            "many namespaces",
            good.replace("<Subject>", &format!("<Subject{bindings}>")),
            is_ill_formed,
        ),
        (
            "unbound prefix",
            good.replace("<Subject>", "<x:y></x:y><Subject>"),
            is_ill_formed,
        ),
        (
            "element in a value",
            with_role(&format!("{ROLE}<b>x</b>,{PROVIDER}")),
            is_ill_formed,
        ),
        (
            "control character",
            with_role(&format!("{role}&#27;")),
            is_ill_formed,
        ),
    ];
    for (name, xml, expected) in refused {
        let error = read_xml(&xml).expect_err(name);
        assert!(expected(&error), "{name}: {error}");
        assert!(error.to_string().len() < 400, "{name}");
    }
    assert_eq!(
        read_xml(&" ".repeat(MAX_BYTES + 1)).unwrap_err(),
        SamlError::TooLarge
    );
}

#[test]
fn an_assertion_belongs_directly_into_the_response() {
    let good = with_role(&format!("{ROLE},{PROVIDER}"));
    let moved = good
        .replace("<Assertion", "<samlp:Extensions><Assertion")
        .replace("</Assertion>", "</Assertion></samlp:Extensions>");
    assert_eq!(read_xml(&moved).unwrap_err(), SamlError::MisplacedAssertion);
}

fn is_ill_formed(error: &SamlError) -> bool {
    matches!(error, SamlError::NotXml(_))
}

#[test]
fn answers_without_an_assertion_that_can_be_read() {
    let head = r#"<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">"#;
    let status = r#"<p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">
        <p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></p:StatusCode>
        <p:StatusMessage>no &#x1b;such  user</p:StatusMessage></p:Status>"#;
    let refused = format!("{head}{}</p:Response>", status.replace("&#x1b;", ""));
    assert_eq!(
        read_xml(&refused).unwrap_err(),
        SamlError::Status("Responder, AuthnFailed: no such user".into())
    );
    assert_eq!(
        read_xml(&format!("{head}</p:Response>")).unwrap_err(),
        SamlError::NoAssertion
    );
    let encrypted = format!("{head}<a:EncryptedAssertion><x/></a:EncryptedAssertion></p:Response>");
    assert_eq!(read_xml(&encrypted).unwrap_err(), SamlError::Encrypted);
    assert_eq!(
        read_xml("<html/>").unwrap_err(),
        SamlError::NotAResponse("html".into())
    );
    assert_eq!(
        read_xml("<Response xmlns='urn:oasis:names:tc:SAML:1.0:protocol'/>").unwrap_err(),
        SamlError::NotAResponse("Response".into())
    );
}

proptest! {
    #[test]
    fn a_comment_anywhere_is_refused_or_changes_nothing(at in 0..1800_usize, aside in "<!-- x -->|<!---->|<\\?x y\\?>") {
        let value = format!("{ROLE},{PROVIDER}");
        let mut xml = with_role(&value);
        let start = xml.find(&value).unwrap();
        let at = at.min(xml.len());
        let whole = read_xml(&xml).unwrap();
        xml.insert_str(at, &aside);
        let is_inside = (start..=start + value.len()).contains(&at);
        match read_xml(&xml) {
            // In an XML attribute it is text like any other.
            Ok(read) => prop_assert!(!is_inside && read.roles == whole.roles),
            Err(SamlError::Divided) => {}
            Err(error) => prop_assert!(!is_inside, "{error}"),
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,300}") {
        let _ = read(&Assertion::new(text.clone()));
        let _ = read_xml(&text);
    }

    #[test]
    fn any_damage_is_read_or_refused(at in 0..1500_usize, length in 0..40_usize, new in ".{0,12}") {
        let mut xml: Vec<char> = with_role(&format!("{ROLE},{PROVIDER}")).chars().collect();
        let at = at.min(xml.len());
        let end = (at + length).min(xml.len());
        xml.splice(at..end, new.chars());
        if let Ok(response) = read_xml(&xml.into_iter().collect::<String>()) {
            prop_assert!(!response.roles.is_empty());
        }
    }
}
