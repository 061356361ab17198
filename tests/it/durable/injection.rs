use super::*;

/// What would be a section or a key of its own, if it ever stood in the file as it is.
const EVIL: &[&str] = &[
    "x]\n[profile evil]\ncredential_process = evil",
    "x]\r[profile evil]\rcredential_process = evil",
    "x\ncredential_process = evil",
    "x\r\ncredential_process = evil",
    "x\u{2028}[profile evil]",
    "x\u{85}[profile evil]",
    "x\u{b}[profile evil]",
    "x]",
    "]",
    "x\"] [profile \"evil",
    "x' 'evil",
    "x\" \"evil",
    "x # evil",
    "x\0evil",
    "$(touch evil)",
    "`touch evil`",
    "x; touch evil",
];

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out + "\""
}

/// Every place of a declaration whose text may get into the file: the part to replace, and with what.
fn places(evil: &str) -> Vec<String> {
    let q = quoted(evil);
    let matrix = |accounts: &str, regions: &str, profile: &str| {
        format!(
            "[account.prod]\nid = \"111122223333\"\n\n[role.matrix]\nidp = \"corp\"\n\
             role_name = \"Auditor\"\naccounts = [{accounts}]\nregions = [{regions}]\n{profile}"
        )
    };
    let role = |name: &str, rest: &str| format!("[role.{name}]\nidp = \"corp\"\n{rest}");
    let arn = "arn = \"arn:aws:iam::111122223333:role/R\"\n";
    vec![
        role(&q, arn),
        role("r", &format!("{arn}profile = {q}\n")),
        role(
            "r",
            &format!("{arn}profile = {}\n", quoted(&format!("{{role}}{evil}"))),
        ),
        role("r", &format!("{arn}region = {q}\n")),
        role(
            "r",
            &format!(
                "arn = {}\n",
                quoted(&format!("arn:aws:iam::111122223333:role/{evil}"))
            ),
        ),
        role("r", &format!("arn = {q}\n")),
        role("r", &format!("account = {q}\nrole_name = \"R\"\n")),
        matrix(&q, "\"us-east-1\"", ""),
        matrix("\"prod\"", &format!("\"us-east-1\", {q}"), ""),
        matrix(
            "\"prod\"",
            "\"us-east-1\"",
            &format!("profile = {}\n", quoted(&format!("{{account}}{evil}"))),
        ),
        format!(
            "[account.{q}]\nid = \"111122223333\"\n\n[role.m]\nidp = \"corp\"\nrole_name = \"R\"\n\
             accounts = [{q}, \"444455556666\"]\n"
        ),
        format!("[role.{q}]\nidp = \"corp\"\nrole_name = \"R\"\naccounts = [\"111122223333\"]\n"),
    ]
}

const MINE: &str = "# mine\n[default]\nregion = eu-west-1\n";

/// Refused as a mistake with its place, or harmless where it is; nothing of it in the file.
fn assert_no_way_in(user: &User<'_>, said: Said, from: &str) {
    let text = fs::read_to_string(user.config()).unwrap();
    assert!(!text.contains("evil"), "{from}\n{text}");
    assert_eq!(said.code, 2, "{from}\n{}", said.err);
    said.tells(&["fedgit.toml:", "error"]);
    assert_eq!(text, MINE);
}

#[test]
fn no_value_of_a_declaration_becomes_a_section() {
    let home = home();
    let user = User::new(&home, "own");
    fs::write(user.config(), MINE).unwrap();
    let idp = declaring("x", "us-east-1");
    let (idp, _) = idp.split_once("[role.").unwrap();
    let file = user.file(".config/fedgit/fedgit.toml");
    // One value at a time costs a process each; all places of one value at once do not.
    for evil in EVIL {
        for place in places(evil) {
            fs::write(&file, format!("{idp}{place}")).unwrap();
            assert_no_way_in(&user, user.fedgit(&["apply"]), &place);
        }
    }
}

#[test]
fn nor_does_one_of_a_project_that_nobody_trusts() {
    let home = home();
    let user = User::new(&home, "project");
    fs::write(user.config(), MINE).unwrap();
    let idp = declaring("x", "us-east-1");
    let (idp, _) = idp.split_once("[role.").unwrap();
    fs::write(user.file(".config/fedgit/fedgit.toml"), idp).unwrap();
    let project = user.file("clone");
    fs::create_dir(&project).unwrap();
    for evil in &EVIL[..4] {
        for place in places(evil) {
            fs::write(project.join("fedgit.toml"), &place).unwrap();
            let mut command = user.command(FEDGIT);
            let said = home.run(command.arg("apply").current_dir(&project));
            assert_no_way_in(&user, said, &place);
        }
    }
}

/// The path of a project's file stands in the profile's line and beside its fingerprint.
#[test]
#[cfg(unix)]
fn nor_does_the_name_of_a_folder() {
    let home = home();
    let user = User::new(&home, "folder");
    fs::write(user.config(), MINE).unwrap();
    let whole = declaring("mine", "us-east-1");
    let (idp, role) = whole.split_once("[role.").unwrap();
    fs::write(user.file(".config/fedgit/fedgit.toml"), idp).unwrap();
    for evil in EVIL.iter().filter(|evil| !evil.contains('\0')) {
        let project = user.file("clones").join(evil);
        fs::create_dir_all(&project).unwrap();
        fs::write(project.join("fedgit.toml"), format!("[role.{role}")).unwrap();
        let mut command = user.command(FEDGIT);
        let said = home.run(command.arg("apply").current_dir(&project));
        let text = fs::read_to_string(user.config()).unwrap();
        if said.code == 0 {
            // Quoted where it stands: the same lines and sections as with a plain name.
            let headers: Vec<&str> = text.lines().filter(|l| l.trim().starts_with('[')).collect();
            assert_eq!(headers, ["[default]", "[profile mine]"], "{evil:?}\n{text}");
            assert!(
                !text.contains("\ncredential_process = evil"),
                "{evil:?}\n{text}"
            );
            user.fedgit(&["apply", "--restore"]).exits(0);
        } else {
            said.exits(1)
                .tells(&["cannot write a credential_process line", "help:"]);
        }
        assert_eq!(fs::read_to_string(user.config()).unwrap(), MINE);
        assert!(!project.join("evil").exists());
    }
}
