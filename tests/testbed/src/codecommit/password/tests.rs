//! Judged by the published vectors: what the existing clients agree on, byte for byte.

use serde_json::Value;
use time::Duration;

use super::*;
use crate::keys::Principal;

/// One vector of either list, in the words of the test.
struct Vector {
    id: String,
    user: String,
    password: String,
    path: String,
    host: String,
    region: &'static str,
    keys: Keys,
    at: OffsetDateTime,
}

impl Vector {
    fn verdict(&self, user: &str, password: &str, at: OffsetDateTime) -> Result<Proof, &str> {
        let password = Password::parse(user, password).ok_or("malformed")?;
        password.verify(&self.path, &[&self.host], &[self.region], &self.keys, at)
    }
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../../../cases/vectors-codecommit.json");
    let file: Value = serde_json::from_str(text).expect("JSON");
    let list = |name: &str| file[name].as_array().expect("a list").clone();
    let mut vectors: Vec<Vector> = list("vectors").iter().map(of_remote_helper).collect();
    // A helper that knows it is not asked prints nothing, and there is nothing to verify.
    let answered = |vector: &Value| !text_of(&vector["stdout"]).is_empty();
    vectors.extend(
        list("helper_vectors")
            .iter()
            .filter(|v| answered(v))
            .map(of_helper),
    );
    vectors
}

fn of_remote_helper(vector: &Value) -> Vector {
    let (user, password) = (text_of(&vector["username"]), text_of(&vector["password"]));
    from(
        vector,
        user,
        password,
        text_of(&vector["path"]),
        text_of(&vector["host"]),
    )
}

fn of_helper(vector: &Value) -> Vector {
    let stdout = text_of(&vector["stdout"]);
    let (user, password) = stdout.trim_end().split_once('\n').expect("two lines");
    let canonical = text_of(&vector["canonical_request"]);
    let lines: Vec<&str> = canonical.split('\n').collect();
    from(
        vector,
        user.strip_prefix("username=")
            .expect("a user name")
            .to_owned(),
        password
            .strip_prefix("password=")
            .expect("a password")
            .to_owned(),
        lines[1].to_owned(),
        lines[3].strip_prefix("host:").expect("a host").to_owned(),
    )
}

fn from(vector: &Value, user: String, password: String, path: String, host: String) -> Vector {
    let input = &vector["input"];
    let principal = Principal {
        arn: "arn:aws:iam::111122223333:user/example".to_owned(),
        user_id: "AIDAEXAMPLE".to_owned(),
        account: "111122223333".to_owned(),
    };
    let keys = Keys::default();
    keys.add(Key {
        id: text_of(&input["access_key_id"]),
        secret: text_of(&input["secret_access_key"]),
        token: input["session_token"].as_str().map(str::to_owned),
        expires: None,
        principal,
        is_chained: false,
    });
    let scope = text_of(&vector["credential_scope"]);
    let region = scope.split('/').nth(1).expect("a region").to_owned();
    Vector {
        id: text_of(&vector["id"]),
        user,
        password,
        path,
        host,
        region: Box::leak(region.into_boxed_str()),
        keys,
        at: clock::from_stamp(&text_of(&input["timestamp_utc"])).expect("a stamp"),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

#[test]
fn every_vector_is_accepted() {
    let vectors = vectors();
    assert_eq!(
        vectors.len(),
        22 + 7,
        "one more than these has no answer to verify"
    );
    for vector in vectors {
        let verdict = vector.verdict(&vector.user, &vector.password, vector.at);
        assert!(verdict.is_ok(), "{}: {verdict:?}", vector.id);
    }
}

#[test]
fn any_flipped_bit_of_a_password_is_refused() {
    for vector in vectors() {
        for index in 0..vector.password.len() {
            let mut bytes = vector.password.clone().into_bytes();
            bytes[index] ^= 1;
            let password = String::from_utf8(bytes).expect("ASCII");
            let verdict = vector.verdict(&vector.user, &password, vector.at);
            assert!(verdict.is_err(), "{}: {index}", vector.id);
        }
    }
}

#[test]
fn a_second_more_than_fifteen_minutes_is_refused() {
    for vector in vectors() {
        let verdict = |seconds| {
            vector
                .verdict(
                    &vector.user,
                    &vector.password,
                    vector.at + Duration::seconds(seconds),
                )
                .is_ok()
        };
        assert!(verdict(900) && verdict(-900), "{}", vector.id);
        assert!(!verdict(901) && !verdict(-901), "{}", vector.id);
    }
}

#[test]
fn another_repository_host_region_user_or_token_is_refused() {
    for vector in vectors() {
        let password = Password::parse(&vector.user, &vector.password).expect("well-formed");
        let ok = |path: &str, host: &str, region| {
            password
                .verify(path, &[host], &[region], &vector.keys, vector.at)
                .is_ok()
        };
        let (path, host, region) = (vector.path.as_str(), vector.host.as_str(), vector.region);
        assert!(ok(path, host, region), "{}", vector.id);
        assert!(!ok(&format!("{path}x"), host, region), "{}", vector.id);
        assert!(
            !ok(&format!("{path}/info/refs"), host, region),
            "{}",
            vector.id
        );
        assert!(!ok(path, &format!("{host}:8"), region), "{}", vector.id);
        assert!(!ok(path, host, "xx-east-1"), "{}", vector.id);
        for user in [format!("X{}", vector.user), format!("{}%x", vector.user)] {
            assert!(
                vector.verdict(&user, &vector.password, vector.at).is_err(),
                "{}",
                vector.id
            );
        }
    }
}

#[test]
fn expired_credentials_are_refused() {
    let at = clock::from_stamp("20260102T030405Z").expect("a stamp");
    let vector = vectors().swap_remove(1);
    let mut key = vector
        .keys
        .find(&vector.user[..20])
        .expect("the vector's key");
    key.expires = Some(at);
    vector.keys.add(key);
    assert_eq!(
        vector.verdict(&vector.user, &vector.password, at),
        Err("expired credentials"),
    );
}
