"""What may happen to a handheld, which test proves that nothing comes of it, and which twin shows
that the test would notice: the same scenario with one protection taken out, which must go red.

The tests are named without their `test_`.
"""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
FOLDERS = ("e2e", "faults", "sync")

TABLE: dict[str, tuple[str, str]] = {
    "1 dead zones, a flapping link": (
        "dead_zones_and_a_flapping_link_lose_double_and_disorder_nothing",
        "without_a_limit_to_silence_a_dead_zone_never_ends",
    ),
    "1 200 scans in a dead zone, each answered within 100 ms (5 minutes: soak)": (
        "two_hundred_scans_in_a_dead_zone_are_answered_within_100_ms",
        "an_app_that_asks_the_server_first_answers_no_scan_in_a_dead_zone",
    ),
    "2 the answer lost after the commit, 20 times": (
        "an_answer_lost_after_the_commit_twenty_times_doubles_nothing",
        "a_server_that_forgets_what_it_took_doubles",
    ),
    "3 the browser's process tree killed while scanning, 20 times": (
        "a_browser_killed_six_times_while_scanning_keeps_what_it_beeped",
        "a_store_that_says_done_before_the_disk_does_loses_what_it_beeped",
    ),
    "4 a tab closed in mid-upload, a second tab": (
        "a_tab_closed_in_mid_upload_leaves_the_rest_to_the_tab_that_waits",
        "without_a_lock_the_second_tab_works_on_the_same_numbers",
    ),
    "5 the server killed in mid-push under 20 devices": (
        "killed_thirty_times_under_load_nothing_acknowledged_is_lost_or_doubled",
        "without_the_protection_the_same_kill_is_noticed",
    ),
    "6 a task reassigned while off-line": (
        "a_pick_on_a_task_that_was_given_to_somebody_else_counts_and_is_told",
        "without_the_rule_the_same_work_ends_otherwise",
    ),
    "6 an order cancelled while off-line": (
        "a_pick_of_an_order_that_was_cancelled_becomes_a_put_back_and_is_told",
        "without_the_rule_the_same_work_ends_otherwise",
    ),
    "6 short while off-line": (
        "a_short_reported_offline_stands_as_it_was_said",
        "without_the_rule_the_same_work_ends_otherwise",
    ),
    "7 a queue from an older build": (
        "a_queue_that_an_older_build_left_behind_is_sent",
        "a_build_that_passes_over_what_another_queued_loses_it",
    ),
    "8 sign-out with 7 unsent, another person signs in": (
        "work_of_a_person_who_has_signed_out_travels_under_their_name",
        "a_server_that_asks_who_sends_takes_it_for_somebody_elses",
    ),
    "9 a backup put back": (
        "after_a_restore_the_handheld_closes_the_gap_of_the_backup",
        "an_old_database_put_back_without_restore_leaves_the_gap_open",
    ),
    "10 quota exceeded": (
        "a_full_disk_says_not_saved_and_beeps_nothing_that_is_not_kept",
        "an_app_that_takes_every_write_for_done_beeps_over_a_full_disk",
    ),
    "10 the database does not open": (
        "a_database_that_does_not_open_is_said_and_all_is_there_when_it_does",
        "an_app_that_makes_a_broken_database_anew_loses_the_walk",
    ),
    "10 storage cleared in mid-shift": (
        "storage_that_is_cleared_in_mid_shift_is_said_and_never_beeped_over",
        "an_app_that_takes_an_empty_disk_for_a_new_one_beeps_over_what_was_lost",
    ),
    "11 a photo through six cuts, sent about once": (
        "a_photo_over_a_slow_link_with_six_cuts_is_sent_about_once",
        "a_server_that_forgets_parts_has_the_photo_sent_again_and_again",
    ),
    "11 a 3 MB photo over 64 kB/s while the work goes ahead": (
        "what_was_done_is_confirmed_and_shown_before_its_photo_has_come",
        "a_server_that_wants_the_photo_first_shows_nothing",
    ),
    "11 a photo cut at each chunk boundary": (
        "a_photo_that_is_cut_off_at_the_end_of_each_piece_arrives",
        "a_server_that_forgets_parts_never_has_a_photo_that_is_cut_at_each_piece",
    ),
    "12 revoked while off-line": (
        "work_on_a_handheld_that_was_revoked_offline_waits_for_a_supervisor_and_is_told",
        "without_the_rule_the_same_work_ends_otherwise",
    ),
    "13 six times slower": (
        "a_slow_handheld_misses_no_scan_that_is_typed_ahead",
        "an_app_that_is_deaf_while_it_saves_misses_scans",
    ),
    "a number that never comes": (
        "a_number_that_never_came_is_told_to_both_and_nothing_behind_it_is_taken",
        "a_server_that_waits_in_silence_for_a_number_tells_nobody",
    ),
    "diverted, in the tray and on the desk": (
        "diverted_is_told_to_both_until_it_is_settled",
        "a_server_without_words_leaves_the_desk_empty",
    ),
    "refused, in the tray and on the desk": (
        "refused_as_unreadable_is_told_to_both_until_it_is_settled",
        "a_server_without_words_leaves_the_desk_empty",
    ),
    "held, in the tray and on the desk": (
        "held_is_told_to_both_until_it_is_settled",
        "a_server_without_words_leaves_the_desk_empty",
    ),
    "quarantined, in the tray and on the desk": (
        "quarantined_is_told_to_both_until_it_is_settled",
        "a_server_without_words_leaves_the_desk_empty",
    ),
}


@pytest.fixture(scope="module")
def known() -> set[str]:
    files = [path for folder in FOLDERS for path in (TESTS / folder).rglob("test_*.py")]
    text = "\n".join(path.read_text() for path in files)
    return set(re.findall(r"^def test_(\w+)", text, re.MULTILINE))


@pytest.mark.parametrize("happens", TABLE)
def test_whatever_may_happen_has_its_proof_and_its_twin(happens: str, known: set[str]) -> None:
    assert set(TABLE[happens]) <= known


@pytest.mark.parametrize("number", range(1, 14))
def test_no_scenario_is_left_out(number: int) -> None:
    assert any(happens.startswith(f"{number} ") for happens in TABLE)
