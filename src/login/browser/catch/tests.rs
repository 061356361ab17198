use super::*;

fn paused(kind: &str, url: &str, method: &str, body: &str) -> Paused {
    let encoded = STANDARD.encode(body);
    let text = serde_json::json!({
        "requestId": "1",
        "resourceType": kind,
        "request": { "url": url, "method": method, "postDataEntries": [{ "bytes": encoded }] },
    });
    serde_json::from_value(text).unwrap()
}

fn verdict(url: &str, method: &str, body: &str) -> String {
    verdict_of(&paused("Document", url, method, body))
}

fn verdict_of(paused: &Paused) -> String {
    match judge(paused, &wanted()) {
        Verdict::Take(assertion) => format!("take {}", assertion.expose()),
        Verdict::Pass => "pass".to_owned(),
        Verdict::Block(None) => "block".to_owned(),
        Verdict::Block(Some(error)) => error.to_string(),
    }
}

#[test]
fn what_is_no_form_for_saml_ends_nothing() {
    let response = format!("SAMLResponse={}", url_encoded(&good()));
    let (response, taken) = (response.as_str(), format!("take {}", good()));
    let saml = "https://signin.aws.amazon.com/saml";
    for (kind, url, body, expected) in [
        (
            "Document",
            "https://signin.aws.amazon.com/saml/x",
            response,
            taken.as_str(),
        ),
        (
            "Document",
            "https://signin.aws.amazon.com/oauth",
            "a=b",
            "pass",
        ),
        ("Document", saml, "a=b", "pass"),
        ("XHR", saml, "a=b", "pass"),
        (
            "Ping",
            "https://us-east-1.signin.aws.amazon.com/metrics",
            "",
            "pass",
        ),
        ("Fetch", saml, response, "block"),
        (
            "Document",
            "https://signin.aws.amazon.com/samlish",
            response,
            "the SAML response would be posted to https://signin.aws.amazon.com/samlish, where AWS \
             takes none for roles",
        ),
        (
            "Fetch",
            "https://signin.aws.amazon.com/samlish",
            response,
            "block",
        ),
        // As a form with files has it.
        (
            "Document",
            saml,
            "--x\r\nname=\"SAMLResponse\"\r\n\r\nQUJD",
            "block",
        ),
    ] {
        assert_eq!(
            verdict_of(&paused(kind, url, "POST", body)),
            expected,
            "{kind} {url}"
        );
    }
    let untold = serde_json::json!({ "requestId": "1", "resourceType": "Document", "request": {
        "url": saml, "method": "POST", "hasPostData": true } });
    assert_eq!(
        verdict_of(&serde_json::from_value(untold).unwrap()),
        "block"
    );
}

#[test]
fn the_form_for_aws_and_nothing_else() {
    let body = &format!(
        "RelayState=&SAMLResponse={}%0D%0A&x=1",
        url_encoded(&good())
    );
    let taken = format!("take {}", good());
    for url in [
        "https://signin.aws.amazon.com/saml",
        "https://us-west-2.signin.aws.amazon.com/saml",
        "https://signin.aws.amazon.com:443/saml",
        "https://signin.aws.amazon.com./saml",
        "https://x:y@signin.aws.amazon.com/saml",
    ] {
        assert_eq!(verdict(url, "POST", body), taken, "{url}");
        assert_eq!(verdict(url, "GET", ""), "pass", "{url}");
        assert!(verdict(url, "POST", "SAMLResponse=+").contains("nothing in it"));
    }
    for lookalike in [
        "https://signin.aws.amazon.com.evil.example/saml",
        "https://evil.example/?.signin.aws.amazon.com/saml",
        "https://signin.aws.amazon.com@evil.example/saml",
        "https://evilsignin.aws.amazon.com/saml",
        "https://sso.example.com/saml",
    ] {
        assert_eq!(verdict(lookalike, "POST", body), "pass", "{lookalike}");
    }
    for closed in [
        "http://signin.aws.amazon.com/saml",
        "https://signin.aws.amazon.com:8443/saml",
        "https://evil.signin.aws.amazon.com/saml",
        "https://us-east-1.signin.amazonaws.cn/saml",
    ] {
        let told = verdict(closed, "POST", body);
        assert!(
            told.contains("not an AWS sign-in address"),
            "{closed}: {told}"
        );
    }
    // Another partition than that of the roles, whose response says nothing itself.
    let china = verdict(
        "https://signin.amazonaws.cn/saml",
        "POST",
        &format!("SAMLResponse={}", url_encoded(&response(AUDIENCE, "", ""))),
    );
    assert_eq!(
        china,
        "the SAML response is for the partition aws-cn, but the roles are in aws"
    );
}

#[test]
fn what_serves_no_declared_role_is_not_taken() {
    let saml = "https://signin.aws.amazon.com/saml";
    let send = |response: &str| {
        let body = format!("SAMLResponse={}", url_encoded(response));
        paused("Document", saml, "POST", &body)
    };
    for nonsense in ["QUJD", "!", &STANDARD.encode("<Response/>")] {
        let told = verdict_of(&send(nonsense));
        assert!(told.contains("the SAML response "), "{nonsense}: {told}");
    }
    let roles = |name: &str| BTreeSet::from([name.parse().unwrap()]);
    let good = send(&good());
    let others = Wanted {
        roles: roles("arn:aws:iam::111122223333:role/Other"),
        ..wanted()
    };
    let Verdict::Block(Some(error)) = judge(&good, &others) else {
        panic!("taken");
    };
    assert!(
        error
            .to_string()
            .contains("does not offer arn:aws:iam::111122223333:role/Other")
    );
    let ours = Wanted {
        roles: roles("arn:aws:iam::111122223333:role/R"),
        ..wanted()
    };
    assert!(matches!(judge(&good, &ours), Verdict::Take(_)));
}

#[test]
fn a_body_in_parts_or_in_one_text() {
    let text = serde_json::json!({ "requestId": "1", "resourceType": "Document", "request": {
        "url": "https://signin.aws.amazon.com/saml", "method": "POST",
        "postData": format!("SAMLResponse={}", url_encoded(&good())), "hasPostData": true } });
    let Verdict::Take(assertion) = judge(&serde_json::from_value(text).unwrap(), &wanted()) else {
        panic!("not taken");
    };
    assert_eq!(assertion.expose(), good());
}

#[test]
fn what_it_is_for_by_its_own_word() {
    let wanted = BTreeSet::from([Partition::Aws]);
    let told = |audience: &str, recipient: &str, destination: &str| {
        let assertion = Assertion::new(response(audience, recipient, destination));
        let said = saml::read(&assertion).unwrap();
        admit(&said, None, &wanted).map_err(|error| error.to_string())
    };
    let acs = "https://signin.aws.amazon.com/saml";
    for (audience, recipient, destination) in [
        (AUDIENCE, acs, acs),
        ("urn:amazon:webservices:other", "", acs),
        (acs, "https://eu-west-1.signin.aws.amazon.com/saml", ""),
    ] {
        assert!(told(audience, recipient, destination).is_ok());
    }
    for (audience, recipient, destination, expected) in [
        (
            "https://wiki.example.com",
            acs,
            acs,
            "for https://wiki.example.com, not for AWS",
        ),
        ("urn:amazon:webservicesx", acs, acs, "not for AWS"),
        (
            AUDIENCE,
            "https://wiki.example.com/acs",
            acs,
            "wiki.example.com/acs",
        ),
        (
            AUDIENCE,
            acs,
            "http://signin.aws.amazon.com/saml",
            "not for AWS",
        ),
        (
            AUDIENCE,
            "https://signin.amazonaws.cn/saml",
            "",
            "partition aws-cn",
        ),
        (
            "urn:amazon:webservices:govcloud",
            acs,
            acs,
            "partition aws-us-gov",
        ),
    ] {
        let Err(error) = told(audience, recipient, destination) else {
            panic!("{audience} {recipient} {destination}");
        };
        assert!(error.contains(expected), "{error}");
    }
    let china = BTreeSet::from([Partition::China]);
    let cn = Assertion::new(response("urn:amazon:webservices:cn-north-1", "", ""));
    let cn = saml::read(&cn).unwrap();
    assert!(admit(&cn, Some(Partition::China), &china).is_ok());
}

#[test]
fn every_sign_in_host_is_looked_at() {
    let patterns = patterns();
    for partition in Partition::ALL {
        let host = partition.signin_host();
        assert!(patterns.contains(&format!("*://*{host}/*")));
        assert!(patterns.contains(&format!("*://*{host}.:*/*")));
    }
}

fn wanted() -> Wanted {
    Wanted {
        partitions: BTreeSet::from([Partition::Aws]),
        roles: BTreeSet::new(),
    }
}

fn good() -> String {
    response(AUDIENCE, "", "")
}

/// A response of one role, unsigned, in base64.
fn response(audience: &str, recipient: &str, destination: &str) -> String {
    let attribute = |name: &str, value: &str| match value {
        "" => String::new(),
        value => format!(" {name}=\"{value}\""),
    };
    STANDARD.encode(format!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns="urn:oasis:names:tc:SAML:2.0:assertion"{}><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><Assertion><Subject><SubjectConfirmation><SubjectConfirmationData{}/></SubjectConfirmation></Subject><Conditions><AudienceRestriction><Audience>{audience}</Audience></AudienceRestriction></Conditions><AttributeStatement><Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><AttributeValue>arn:aws:iam::111122223333:role/R,arn:aws:iam::111122223333:saml-provider/P</AttributeValue></Attribute></AttributeStatement></Assertion></samlp:Response>"#,
        attribute("Destination", destination),
        attribute("Recipient", recipient),
    ))
}

fn url_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
