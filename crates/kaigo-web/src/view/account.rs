//! アカウントの安全, the way in with an invitation, and what administrators see of their colleagues' accounts.

use askama::Template;

use super::start::Qr;
use super::{Chip, Choice, FieldError, Link, Shell};

/// The ES module that asks the browser for passkeys, served as `/assets/passkey.js` to the pages that offer them.
pub const PASSKEY_SCRIPT: &str = include_str!("../../assets/passkey.js");

/// Changes whenever the script changes.
pub const PASSKEY_VERSION: u64 = super::mix(0xcbf2_9ce4_8422_2325, PASSKEY_SCRIPT.as_bytes());

/// A passkey.
#[derive(Clone, Debug)]
pub struct PasskeyRow {
    /// Our name for it, in addresses.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub made: String,
    /// When it was last used; empty: never.
    pub used: String,
    /// Whether it is shared between its owner's devices.
    pub is_synced: bool,
}

/// A session.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Name, in addresses.
    pub id: String,
    /// Whether it is this one.
    pub is_own: bool,
    /// Browser and place.
    pub from: String,
    /// Since when.
    pub since: String,
    /// How it was opened.
    pub way: String,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// When.
    pub at: String,
    /// What.
    pub chip: Chip,
    /// Browser and place.
    pub from: String,
}

/// GET `/account`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/safety.html")]
pub struct Safety {
    /// Surroundings.
    pub shell: Shell,
    /// Login.
    pub login: String,
    /// Whether browsers make passkeys at this address.
    pub can_use_passkeys: bool,
    /// Passkeys.
    pub passkeys: Vec<PasskeyRow>,
    /// Numbers on paper that are left.
    pub codes_left: i64,
    /// The confirmed address for mail; empty: none.
    pub address: String,
    /// Whether this service sends mail.
    pub has_mail: bool,
    /// Sessions.
    pub sessions: Vec<SessionRow>,
    /// What happened.
    pub events: Vec<EventRow>,
    /// What an administrator does from here; empty for others.
    pub admin: Vec<Link>,
}

/// GET/POST `/account/prove`. Fields: `csrf`, `next`, `password`, `code`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/prove.html")]
pub struct Prove {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Where it goes on.
    pub next: String,
    /// Whether a passkey can be used instead.
    pub has_passkey: bool,
    /// The address to which a code can be sent, as it is shown; empty: none.
    pub mail: String,
    /// The code of the authenticator, in the demo.
    pub demo_code: Option<String>,
}

/// GET/POST `/account/password`. Fields: `csrf`, `password`, `new_password`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/password.html")]
pub struct Password {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// The password is provisional.
    pub is_first: bool,
}

/// GET/POST `/account/totp`. Fields: `csrf`, `key`, `code`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/totp.html")]
pub struct Totp {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Key of the form, of which the secret is made.
    pub key: String,
    /// The secret in groups of four.
    pub secret: String,
    /// Its QR code.
    pub qr: Option<Qr>,
}

/// GET/POST `/account/codes`. Fields: `csrf`, `key`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/codes.html")]
pub struct Codes {
    /// Surroundings.
    pub shell: Shell,
    /// Key of the form, of which the numbers are made.
    pub key: String,
    /// The new numbers; empty before.
    pub codes: Vec<String>,
}

/// GET/POST `/account/passkeys`. Fields: `csrf`, `name`, `answer`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/passkey_new.html")]
pub struct PasskeyNew {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Name as typed, or the family of the browser.
    pub name: String,
    /// Whether browsers make passkeys at this address.
    pub can_use: bool,
}

/// GET `/account/passkeys/{k}`, POST `…/name`. Fields: `csrf`, `name`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/passkey.html")]
pub struct PasskeyEdit {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// The passkey.
    pub passkey: PasskeyRow,
    /// Name as typed.
    pub name: String,
}

/// GET/POST `/invitation`. Fields: `csrf`, `code`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/invitation_code.html")]
pub struct InvitationCode {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// The code as typed, or as a link brought it.
    pub code: String,
}

/// GET/POST `/invitation/account`. Fields: `csrf`, `login`, `password`, `factor`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/invitation_account.html")]
pub struct InvitationAccount {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Who registers.
    pub name: String,
    /// Office, insurer or desk.
    pub place: String,
    /// The account is there already.
    pub is_again: bool,
    /// Login as typed, or the one that is there.
    pub login: String,
    /// `app`, `paper` or empty.
    pub factor: String,
}

/// GET/POST `/invitation/factor`. Fields: `csrf`, `code`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/invitation_factor.html")]
pub struct InvitationFactor {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// The login that was chosen.
    pub login: String,
    /// For the app: the secret in groups of four, and its QR code.
    pub app: Option<(String, Qr)>,
    /// The numbers on paper.
    pub codes: Vec<String>,
}

/// An account in a list.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Identifier, in addresses.
    pub id: String,
    /// Whether it is the reader's.
    pub is_own: bool,
    /// Name.
    pub name: String,
    /// Login.
    pub login: String,
    /// Job (職種); empty where there is none.
    pub job: String,
    /// Whether it administers.
    pub is_admin: bool,
    /// State.
    pub state: Chip,
    /// Why it is switched off; may be empty.
    pub note: String,
    /// The last login; empty: never.
    pub last_login: String,
    /// Passkeys.
    pub passkeys: i64,
}

/// An invitation in a list.
#[derive(Clone, Debug)]
pub struct InvitedRow {
    /// Identifier, in addresses.
    pub id: String,
    /// Who is invited.
    pub name: String,
    /// Job.
    pub job: String,
    /// Whether the account administers.
    pub is_admin: bool,
    /// The account is there already.
    pub is_again: bool,
    /// Who invited.
    pub by: String,
    /// Until when it is good.
    pub until: String,
    /// It ran out.
    pub is_over: bool,
}

/// GET/POST `{base}/accounts`. Fields: `csrf`, `submit_key`, `name`, `job`, `admin`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/colleagues.html")]
pub struct Colleagues {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// `/office`, `/insurer` or `/operator`.
    pub base: String,
    /// Accounts.
    pub accounts: Vec<AccountRow>,
    /// Invitations that wait.
    pub invitations: Vec<InvitedRow>,
    /// Name as typed.
    pub name: String,
    /// Jobs; empty where there are none.
    pub jobs: Vec<Choice>,
    /// The account is to administer.
    pub is_admin: bool,
    /// Key of the form.
    pub submit_key: String,
}

/// What a job sees of one item of the sharing table.
#[derive(Clone, Debug)]
pub struct SightRow {
    /// Item.
    pub item: String,
    /// Whether it is seen.
    pub chip: Chip,
}

/// GET/POST `{base}/accounts/{a}`. Fields: `csrf`, `change`, `reason`, `job`; of the other form `submit_key`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/colleague.html")]
pub struct Colleague {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// `/office`, `/insurer` or `/operator`.
    pub base: String,
    /// The account.
    pub account: AccountRow,
    /// Its owner left.
    pub has_left: bool,
    /// It is switched off.
    pub is_suspended: bool,
    /// Since when it is there.
    pub since: String,
    /// Jobs; empty where there are none.
    pub jobs: Vec<Choice>,
    /// Services of the office.
    pub services: String,
    /// What the job sees.
    pub sights: Vec<SightRow>,
    /// Reason as typed.
    pub reason: String,
    /// Key of the form that makes a new invitation.
    pub submit_key: String,
}

/// GET `{base}/invitations/{v}`: to print or to hand over.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/invited.html")]
pub struct Invited {
    /// Surroundings.
    pub shell: Shell,
    /// `/office`, `/insurer` or `/operator`.
    pub base: String,
    /// Identifier, in addresses.
    pub id: String,
    /// Who is invited.
    pub name: String,
    /// Office, insurer or desk.
    pub place: String,
    /// Job.
    pub job: String,
    /// Whether the account administers.
    pub is_admin: bool,
    /// The account is there already.
    pub is_again: bool,
    /// Until when it is good.
    pub until: String,
    /// It was used.
    pub is_used: bool,
    /// Address of this service; empty: not configured.
    pub site: String,
    /// The code in groups of four; empty: it counts no more.
    pub code: String,
    /// QR code of the address with the code.
    pub qr: Option<Qr>,
}

/// An entry of the administrative log.
#[derive(Clone, Debug)]
pub struct AdminRow {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What.
    pub act: String,
    /// To whom.
    pub subject: String,
    /// What else.
    pub detail: String,
    /// Whose log.
    pub owner: String,
}

/// GET `{base}/admin-log`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/admin_log.html")]
pub struct AdminLog {
    /// Surroundings.
    pub shell: Shell,
    /// `/office`, `/insurer` or `/operator`.
    pub base: String,
    /// Entries.
    pub rows: Vec<AdminRow>,
    /// The next page.
    pub next: Option<String>,
}

/// A login that failed.
#[derive(Clone, Debug)]
pub struct FailureRow {
    /// When it was last.
    pub at: String,
    /// Whose login.
    pub who: String,
    /// Who administers the account.
    pub owner: String,
    /// What was wrong.
    pub what: String,
    /// How often within the minute.
    pub times: String,
    /// Where from.
    pub place: String,
    /// Browser and system.
    pub browser: String,
}

/// GET `{base}/failed-logins`. Query: `before`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/failed_logins.html")]
pub struct FailedLogins {
    /// Surroundings.
    pub shell: Shell,
    /// `/office`, `/insurer` or `/operator`.
    pub base: String,
    /// Days for which they are kept.
    pub days: i64,
    /// Hours of which it is said what was refused.
    pub hours: i64,
    /// Failures.
    pub rows: Vec<FailureRow>,
    /// The next page.
    pub next: Option<String>,
    /// What was refused, for the desk: hour, what, how often.
    pub refused: Vec<[String; 3]>,
}

impl FailedLogins {
    /// Where the list of accounts is.
    fn list(&self) -> String {
        format!("{}/accounts", self.base)
    }
}

/// A look of the staff.
#[derive(Clone, Debug)]
pub struct LookRow {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was done.
    pub what: String,
    /// At what.
    pub items: String,
    /// Why.
    pub purpose: String,
    /// Last four digits of whom.
    pub whom: String,
    /// How it ended.
    pub outcome: Chip,
    /// The rule of a refusal.
    pub rule: String,
}

/// GET `/office/log`. Query: `account`, `from`, `until`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/account/staff_log.html")]
pub struct StaffLog {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Colleagues.
    pub who: Vec<Choice>,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Entries.
    pub rows: Vec<LookRow>,
    /// There are more than the page shows.
    pub is_cut: bool,
    /// Address of the file.
    pub file: String,
}

impl Colleague {
    /// Where the list of accounts is.
    fn list(&self) -> String {
        format!("{}/accounts", self.base)
    }
}

impl Invited {
    /// Where the list of accounts is.
    fn list(&self) -> String {
        format!("{}/accounts", self.base)
    }
}

impl AdminLog {
    /// Where the list of accounts is.
    fn list(&self) -> String {
        format!("{}/accounts", self.base)
    }
}
