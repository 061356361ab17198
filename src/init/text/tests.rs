use super::*;
use crate::config::layer::{Layer, Origin};
use crate::config::{check, merge};
use crate::model::Model;

/// Answers of each kind, with every question answered and with as few as possible.
fn every_kind() -> Vec<Answers> {
    let mut all = Vec::new();
    for kind in IdpKind::ALL {
        for whole in [true, false] {
            let mut answers = Answers::default();
            answers.answer(Question::Kind, kind.as_str()).unwrap();
            for (question, text) in [
                (Question::Name, "a.b/c"),
                (Question::Url, "https://signin.example.com/?a=b&c=\"'d"),
                (Question::Command, "my-login 'two words'"),
                (Question::StartUrl, "https://d-1234567890.awsapps.com/start"),
                (Question::IdpRegion, "eu-west-1"),
                (Question::Username, "EXAMPLE\\jane \"x\" 'y'"),
                (
                    Question::RoleArn,
                    "arn:aws-cn:iam::111122223333:role/team/Dev",
                ),
                (Question::Account, "012345678901"),
                (Question::PermissionSet, "AdministratorAccess"),
                (Question::Profile, "work/a.b"),
                (Question::Repo, "My.Repo"),
            ] {
                let needed = answers.usual(question).is_none() && !question.may_be_empty();
                if question.is_for(kind) && (whole || needed) {
                    answers.answer(question, text).unwrap();
                }
            }
            assert_eq!(answers.settle(), []);
            all.push(answers);
        }
    }
    all
}

fn model(text: &str) -> Model {
    let layers = [
        Layer::parse(Origin::Named("f.toml".into()), text.to_owned())
            .unwrap_or_else(|e| panic!("{e:?}\n{text}")),
    ];
    let (settings, shape) = merge::merge(&layers);
    let (model, meaning) = check::check(&settings, &layers);
    let told: Vec<String> = shape
        .iter()
        .chain(&meaning)
        .map(|mistake| mistake.render(&layers, false))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    model
}

#[test]
fn every_file_is_right_and_says_what_was_answered() {
    for answers in every_kind() {
        let model = model(&text(&answers));
        assert_eq!(model.idps.len(), 1);
        assert_eq!(model.profiles.len(), 1);
        let profile = answers.get(Question::Profile).unwrap();
        assert!(model.profiles.contains_key(profile));
        let name = answers.get(Question::Name).unwrap();
        let idp = &model.idps[name];
        if let crate::model::IdpKind::Saml(saml) = &idp.kind {
            assert_eq!(saml.username.as_deref(), answers.get(Question::Username));
            if let crate::model::SamlWay::Command { program, .. } = &saml.way {
                assert_eq!(program[..], ["my-login", "two words"]);
            }
        }
        let repos = usize::from(answers.get(Question::Repo).is_some());
        assert_eq!(model.repos.len(), repos);
    }
}

#[test]
fn what_is_commented_out_is_right_too() {
    for answers in every_kind() {
        let whole: String = text(&answers)
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if rest.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) => {
                    format!("{rest}\n")
                }
                _ => format!("{line}\n"),
            })
            .collect();
        let model = model(&whole);
        assert!(model.profiles.len() > 2, "{whole}");
        assert_eq!(model.repos.len(), 1);
    }
}

#[test]
fn it_is_as_wide_as_a_page() {
    for answers in every_kind() {
        for line in text(&answers).lines() {
            assert!(line.len() <= 100, "{line}");
        }
    }
}
