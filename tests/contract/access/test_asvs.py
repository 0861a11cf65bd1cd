"""OWASP ASVS 4.0.3, level 2: authentication (V2), sessions (V3), access control (V4), each requirement and its test.

The table that comes out stands in ``build/asvs.md``. A line names the tests that show it, and the build fails when one
of them is not there; what is not met says so. Requirements are told here in a few words of our own.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parents[2]
TABLE = TESTS.parent / "build" / "asvs.md"

ACTIONS, WORDS, FACTOR = (
    "unit/access/test_access_actions.py",
    "unit/access/test_passwords.py",
    "unit/access/test_second_factor.py",
)
SESSIONS, GUARD, SIGN_IN = "unit/access/test_access_sessions.py", "pages/test_guard.py", "pages/test_sign_in.py"
ACCOUNT, CODE, LINK = "pages/test_account.py", "pages/test_second_factor.py", "pages/test_recovery.py"
MAIL, MATRIX, PORTAL = (
    "flows/notices/test_account_mail.py",
    "contract/access/test_matrix.py",
    "contract/access/test_portal_role.py",
)
TOKENS, API, OIDC = (
    "contract/access/test_tokens.py",
    "contract/api/test_api.py",
    "contract/providers/test_oidc_tokens.py",
)
FRONT, NGINX, VAULT = "pages/test_front.py", "pages/test_behind_nginx.py", "unit/foundation/test_vault.py"
OWN_ROLES, ACCOUNTS = "contract/access/test_own_roles.py", "contract/access/test_accounts.py"


@dataclass(frozen=True)
class Line:
    """One requirement: its number, what it asks, whether it is met, by which tests, and what else there is to say."""

    number: str
    asks: str
    met: str
    tests: tuple[str, ...] = ()
    remark: str = ""


def met(number: str, asks: str, *tests: str, remark: str = "") -> Line:
    return Line(number, asks, "met", tests, remark)


def partly(number: str, asks: str, remark: str, *tests: str) -> Line:
    return Line(number, asks, "in part", tests, remark)


def unmet(number: str, asks: str, remark: str) -> Line:
    return Line(number, asks, "not met", (), remark)


def none(number: str, asks: str, remark: str) -> Line:
    return Line(number, asks, "does not apply", (), remark)


LENGTH = f"{ACTIONS}::test_password_length_is_checked"
KINDS = f"{WORDS}::test_everything_else_is_taken_whatever_its_kinds_of_characters"
USED_ONCE = f"{FACTOR}::test_a_code_holds_for_its_time_and_a_step_around_and_once"
BROWSER = f"{CODE}::test_it_is_set_up_and_used_in_a_browser"
COOKIE = f"{SIGN_IN}::test_sign_in_leads_to_the_roles_home_with_a_careful_cookie"
WALK = f"{MATRIX}::test_each_role_is_let_in_where_the_table_says_and_refused_and_told_elsewhere"
LINK_ONCE = f"{MAIL}::test_an_invited_one_sets_the_password_once_and_is_told"

REQUIREMENTS = (
    # V2.1 passwords
    met("2.1.1", "Twelve characters at least.", LENGTH),
    met("2.1.2", "64 are taken, more than 128 are not.", LENGTH),
    met(
        "2.1.3",
        "Nothing of a password is cut off.",
        LENGTH,
        f"{ACTIONS}::test_right_password_opens_and_any_other_does_not",
    ),
    met("2.1.4", "Any character is taken.", KINDS),
    met(
        "2.1.5",
        "People change their password.",
        f"{ACCOUNT}::test_a_changed_password_ends_all_other_sessions_and_is_told",
    ),
    met(
        "2.1.6", "For that they give the present one.", f"{ACCOUNT}::test_what_is_wrong_is_said_and_nothing_is_changed"
    ),
    partly(
        "2.1.7",
        "Known passwords are refused.",
        "a list of 150 and patterns when one is chosen; no list of millions, and not again at each sign-in",
        f"{WORDS}::test_what_anybody_tries_first_is_refused_with_the_reason",
    ),
    met("2.1.8", "It is shown how strong a new one is.", BROWSER),
    met("2.1.9", "No kinds of characters are asked for.", KINDS),
    met("2.1.10", "Nobody must change a password from time to time.", remark="nothing in the product asks for it"),
    met("2.1.11", "Password managers and pasting work.", remark="plain forms with autocomplete names"),
    met("2.1.12", "What is typed can be looked at.", BROWSER),
    # V2.2 authenticators in general
    met(
        "2.2.1",
        "Guessing is held up.",
        f"{SIGN_IN}::test_guessing_is_stopped_and_says_how_long_to_wait",
        f"{SESSIONS}::test_attempts_are_limited_per_address_over_accounts",
        f"{SESSIONS}::test_attempts_at_the_same_time_do_not_slip_through",
        f"{CODE}::test_wrong_codes_shut_the_door",
        f"{API}::test_who_tries_tokens_or_asks_too_often_is_told_to_wait",
    ),
    met(
        "2.2.2",
        "Text messages and e-mail replace nothing stronger.",
        f"{LINK}::test_a_link_sets_the_password_ends_all_sessions_and_leads_to_the_sign_in",
        remark="a link sets a password; the second factor is asked for after it",
    ),
    partly(
        "2.2.3",
        "People are told of changed credentials.",
        "by e-mail for passwords, links and second factors; not of a sign-in from an unknown place",
        LINK_ONCE,
    ),
    # V2.3 life of authenticators
    met(
        "2.3.1",
        "First secrets are random, short-lived, and not the later password.",
        LINK_ONCE,
        f"{MAIL}::test_a_link_dies",
    ),
    unmet("2.3.2", "People may bring FIDO keys.", "TOTP only; by OIDC whatever the provider has"),
    met(
        "2.3.3",
        "What ends is told of in time.",
        f"{TOKENS}::test_terms_are_bounded_and_over_when_they_say",
        remark="nothing of a person's ends by time; tokens show when they end",
    ),
    # V2.4 storage
    met(
        "2.4.1",
        "Passwords are salted and hashed.",
        f"{ACTIONS}::test_hash_is_argon2id_and_the_one_of_nobody_has_its_parameters",
    ),
    met(
        "2.4.2",
        "Each with a salt of its own of 32 bits or more.",
        f"{ACTIONS}::test_hash_is_argon2id_and_the_one_of_nobody_has_its_parameters",
        remark="argon2-cffi: 128 bits",
    ),
    none("2.4.3", "PBKDF2 has many rounds.", "argon2id is used"),
    none("2.4.4", "bcrypt has a work factor.", "argon2id is used"),
    unmet(
        "2.4.5",
        "Another round with a secret salt.",
        "hashes are argon2id alone; a stolen database can be guessed at, at its cost",
    ),
    # V2.5 recovery
    met(
        "2.5.1",
        "No secret is sent that becomes the password.",
        f"{MAIL}::test_the_link_stands_in_what_is_sent_only",
        remark="a link that works once is sent, by e-mail",
    ),
    met("2.5.2", "No hints and no secret questions.", remark="there are none"),
    met("2.5.3", "Recovery shows no present password.", f"{LINK}::test_the_answer_is_the_same_whoever_it_is_about"),
    met(
        "2.5.4",
        "No shared or default accounts.",
        remark="production makes none; the demo's are on the loopback and say so",
    ),
    met(
        "2.5.5",
        "People are told of a changed factor.",
        LINK_ONCE,
        f"{CODE}::test_it_is_taken_off_by_a_code_of_it_and_reset_by_an_administrator",
    ),
    met(
        "2.5.6",
        "Recovery is by a secure way.",
        f"{LINK}::test_dead_links_are_refused_and_told_so_often",
        f"{MAIL}::test_a_link_dies",
    ),
    met(
        "2.5.7",
        "A lost factor is replaced after proof of who asks.",
        f"{CODE}::test_it_is_taken_off_by_a_code_of_it_and_reset_by_an_administrator",
        remark="by an administrator, who writes how it was proved",
    ),
    # V2.6 recovery codes
    met("2.6.1", "A recovery code works once.", f"{FACTOR}::test_a_recovery_code_lets_in_once_however_it_is_typed"),
    partly(
        "2.6.2",
        "It has 112 random bits, or is salted and hashed.",
        "80 random bits each, hashed without a salt",
        f"{FACTOR}::test_what_is_kept_opens_nothing",
    ),
    met("2.6.3", "It cannot be foreseen.", f"{FACTOR}::test_it_is_asked_for_once_a_code_of_it_was_shown"),
    # V2.7 out of band
    *(
        none(f"2.7.{n}", asks, "no authenticator goes by another channel")
        for n, asks in enumerate(
            (
                "No text messages by default.",
                "Such requests end soon.",
                "They work once.",
                "Their channel is safe.",
                "Only a hash is kept.",
                "They are random.",
            ),
            start=1,
        )
    ),
    # V2.8 one-time codes
    met("2.8.1", "Codes end.", USED_ONCE),
    met(
        "2.8.2",
        "Their seeds are guarded.",
        f"{FACTOR}::test_what_is_kept_opens_nothing",
        f"{VAULT}::test_what_was_sealed_opens_at_its_own_place_only",
        remark="sealed by a key outside the database; no hardware module",
    ),
    met(
        "2.8.3",
        "By approved algorithms.",
        USED_ONCE,
        remark="RFC 6238 with HMAC-SHA-1, as authenticators have it, by pyotp",
    ),
    met("2.8.4", "A code works once.", USED_ONCE),
    partly(
        "2.8.5",
        "A code that is used again is refused, logged, and its owner told.",
        "refused and audited; its owner is not told",
        f"{CODE}::test_a_password_alone_opens_nothing_any_more",
    ),
    partly(
        "2.8.6",
        "A lost generator is taken off at once, in open sessions as well.",
        "taken off at once; sessions that stand are ended by closing the account or by their owner",
        f"{CODE}::test_it_is_taken_off_by_a_code_of_it_and_reset_by_an_administrator",
    ),
    none("2.8.7", "Biometrics are a second factor only.", "none are used"),
    *(
        none(f"2.9.{n}", asks, "no cryptographic authenticators are used")
        for n, asks in enumerate(("Keys are guarded.", "Challenges are long.", "Algorithms are approved."), start=1)
    ),
    # V2.10 services
    partly(
        "2.10.1",
        "Services share no unchanging credentials.",
        "passwords of PostgreSQL, Redis and devices stand until somebody changes them",
        f"{TOKENS}::test_terms_are_bounded_and_over_when_they_say",
    ),
    met(
        "2.10.2",
        "No service has a default password.",
        "unit/cli/test_embedded_servers.py",
        remark="made at random for each installation",
    ),
    met(
        "2.10.3",
        "Passwords of services are kept safe.",
        "flows/line/test_device_accounts.py::test_an_account_is_used_from_the_next_session_on_and_stays_secret",
        f"{VAULT}::test_the_file_is_its_owners_and_its_faults_are_named",
    ),
    met(
        "2.10.4",
        "No secret stands in the code.",
        "unit/foundation/test_logs.py",
        remark="settings, files of mode 0600, or sealed in the database",
    ),
    # V3 sessions
    met("3.1.1", "No session in an address.", f"{GUARD}::test_token_carries_no_cookie"),
    met(
        "3.2.1",
        "A new session at each sign-in.",
        f"{SIGN_IN}::test_proposed_session_id_is_never_taken",
        f"{SIGN_IN}::test_signing_in_again_ends_the_session_before",
    ),
    met(
        "3.2.2",
        "64 random bits at least.",
        f"{SESSIONS}::test_session_is_found_by_its_secret_only_in_its_realm",
        remark="256",
    ),
    met("3.2.3", "In a careful cookie only.", COOKIE),
    met(
        "3.2.4",
        "Made by an approved generator.",
        f"{SESSIONS}::test_redis_holds_no_secret",
        remark="the operating system's",
    ),
    met(
        "3.3.1",
        "Signing out ends it everywhere.",
        f"{GUARD}::test_sign_out_closes_the_open_websocket_and_kills_the_cookie",
    ),
    met(
        "3.3.2",
        "12 hours, or 30 minutes without use.",
        f"{SESSIONS}::test_session_ends_when_idle_and_use_extends_it",
        f"{SESSIONS}::test_session_ends_at_its_absolute_age_however_busy",
    ),
    met(
        "3.3.3",
        "A changed password can end all others.",
        f"{ACCOUNT}::test_a_changed_password_ends_all_other_sessions_and_is_told",
        f"{LINK}::test_a_link_sets_the_password_ends_all_sessions_and_leads_to_the_sign_in",
        remark="it always does",
    ),
    partly(
        "3.3.4",
        "People see and end their sessions, proving anew who they are.",
        "ending one asks for no password: it is the safe direction",
        f"{ACCOUNT}::test_one_session_or_all_others_are_ended",
    ),
    met("3.4.1", "Cookies are Secure.", f"{NGINX}::test_everything_stays_below_its_path_and_cookies_with_it"),
    met("3.4.2", "Cookies are HttpOnly.", COOKIE),
    met("3.4.3", "Cookies are SameSite.", COOKIE),
    met(
        "3.4.4",
        "Cookies begin with __Host-.",
        f"{FRONT}::test_cookies_are_as_narrow_as_the_address_allows",
        remark="__Secure- below a path, where browsers allow no __Host-",
    ),
    met("3.4.5", "Cookies have the narrowest path.", f"{FRONT}::test_cookies_are_as_narrow_as_the_address_allows"),
    none("3.5.1", "People revoke what they granted to other applications.", "no grants are given to any"),
    partly(
        "3.5.2",
        "Sessions rather than static keys.",
        "machines have tokens that end, are scoped and can be revoked",
        f"{TOKENS}::test_a_token_is_shown_once_and_kept_as_a_hash",
    ),
    met(
        "3.5.3",
        "Stateless tokens are signed, bound, and not replayed.",
        f"{GUARD}::test_token_signed_by_somebody_else_is_refused",
        f"{GUARD}::test_token_of_another_session_of_the_same_account_is_refused",
        f"{OIDC}::test_false_token_is_refused_for_what_is_false_in_it",
    ),
    met(
        "3.7.1",
        "What is sensitive needs a full session, or proof anew.",
        f"{CODE}::test_what_is_dangerous_asks_anew_after_a_while",
        f"{CODE}::test_a_role_that_must_have_one_reaches_nothing_before",
    ),
    # V4 access control
    met(
        "4.1.1",
        "Rules are enforced where nobody gets around them.",
        WALK,
        f"{MATRIX}::test_nothing_that_reaches_the_database_is_without_a_permission",
    ),
    met(
        "4.1.2",
        "Nobody changes what they are judged by.",
        f"{GUARD}::test_identity_header_of_a_client_is_not_believed",
        f"{ACCOUNTS}::test_nobody_changes_or_closes_their_own_account",
        f"{OWN_ROLES}::test_nobody_gives_or_decides_over_more_than_they_hold",
        f"{PORTAL}::test_a_claim_cannot_be_forged",
    ),
    met(
        "4.1.3",
        "Least privilege.",
        WALK,
        f"{API}::test_each_role_is_let_in_where_the_table_says_and_refused_and_told_elsewhere",
        f"{PORTAL}::test_each_verb_on_each_column_of_each_table_is_allowed_exactly_where_it_is_declared",
    ),
    met(
        "4.1.5",
        "What fails, fails shut.",
        f"{GUARD}::test_panels_other_doors_are_shut",
        f"{GUARD}::test_closed_account_loses_its_open_page",
        "contract/directories/test_sign_in.py::test_a_directory_that_is_away_changes_nothing_and_closes_nothing",
    ),
    met(
        "4.2.1",
        "Nobody reaches others' records by their number.",
        f"{PORTAL}::test_a_customer_sees_their_own_rows_and_nobody_elses",
        f"{API}::test_a_partner_sells_follows_changes_and_ends_its_own_and_sees_nothing_else",
    ),
    met(
        "4.2.2",
        "Forged requests are refused.",
        f"{SIGN_IN}::test_form_from_another_origin_is_refused",
        f"{ACCOUNT}::test_forms_of_others_are_refused",
        f"{GUARD}::test_websocket_from_another_origin_is_refused",
    ),
    met(
        "4.3.1",
        "Administrators need a second factor.",
        f"{CODE}::test_a_role_that_must_have_one_reaches_nothing_before",
        remark="by default in production; by OIDC and directories: theirs, or one set up here",
    ),
    met("4.3.2", "No folder is listed.", f"{GUARD}::test_unknown_page_is_a_friendly_404"),
    met(
        "4.3.3",
        "What weighs most needs more than one's role.",
        f"{CODE}::test_confirming_needs_the_password_and_the_code",
        "flows/due/test_bulk.py",
        remark="proof anew; a change of many services needs a second person",
    ),
)

#: Every requirement of the three chapters for level 2.
LEVEL_2 = {
    "2.1": 12, "2.2": 3, "2.3": 3, "2.4": 5, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3, "2.10": 4,
    "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.7": 1, "4.1": 5, "4.2": 2, "4.3": 3,
}  # fmt: skip
#: A number that its authors took out.
GONE = {"4.1.4"}


def test_every_requirement_has_a_line() -> None:
    wanted = {f"{part}.{n}" for part, last in LEVEL_2.items() for n in range(1, last + 1)} - GONE
    numbers = [line.number for line in REQUIREMENTS]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == wanted


def test_every_line_names_tests_that_there_are_or_says_why_not() -> None:
    missing = [f"{line.number}: {test}" for line in REQUIREMENTS for test in line.tests if not there_is(test)]
    assert missing == []
    assert [line.number for line in REQUIREMENTS if not line.tests and not line.remark] == []


def there_is(test: str) -> bool:
    """Whether that test, or a file with tests, stands in the folder."""
    path, _, name = test.partition("::")
    file = TESTS / path
    if not file.is_file():
        return False
    found = {
        node.name for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    }
    return name in found if name else any(one.startswith("test_") for one in found)


def test_the_table_is_written() -> None:
    head = ["| requirement | asks | here | shown by | remark |", "|---|---|---|---|---|"]
    rows = [
        f"| {one.number} | {one.asks} | {one.met} | {', '.join(f'`{test}`' for test in one.tests)} | {one.remark} |"
        for one in REQUIREMENTS
    ]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")
    assert {one.met for one in REQUIREMENTS} <= {"met", "in part", "not met", "does not apply"}
