"""The first tables.

Why: offices, people, sign-in, catalogue, certificates, training, audits, findings, letters and the trail.
Existing rows: none.
Cost: nothing; the database is empty.
Down: refused.
"""

import sqlalchemy as sa
from alembic import op

from qms.core.trigger import creation

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_at", ["at"], unique=False)
        batch_op.create_index("ix_attempt_door_subject_at", ["door", "subject", "at"], unique=False)

    op.create_table(
        "edition",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("title_pl", sa.String(length=200), nullable=False),
        sa.Column("pn", sa.String(length=60), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("audits_until", sa.Date(), nullable=True),
        sa.Column("certificates_until", sa.Date(), nullable=True),
        sa.Column("transition_from", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("exclusion_rule", sa.String(length=20), nullable=False),
        sa.CheckConstraint("status IN ('historical', 'current', 'announced')", name=op.f("ck_edition_status_known")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_edition")),
    )
    op.create_table(
        "instance_note",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_instance_note")),
    )
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("voivodeship", sa.String(length=40), nullable=False),
        sa.Column("seat", sa.String(length=100), nullable=False),
        sa.Column("locative", sa.String(length=120), nullable=False),
        sa.Column("head_title", sa.String(length=60), nullable=False),
        sa.Column("teryt", sa.String(length=10), nullable=False),
        sa.Column("teryt_as_of", sa.Date(), nullable=True),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("search_text", sa.String(length=600), nullable=False),
        sa.Column("shares_content", sa.Boolean(), nullable=False),
        sa.Column("uses_grades", sa.Boolean(), nullable=False),
        sa.Column("audit_pattern", sa.String(length=60), nullable=False),
        sa.Column("finding_pattern", sa.String(length=60), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("planned_through", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("slug", name=op.f("uq_office_slug")),
    )
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.create_index("ix_office_sort_key", ["sort_key", "id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_coordinator", sa.Boolean(), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("search_text", sa.String(length=600), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('pl', 'en')", name=op.f("ck_person_language_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=60), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_trail_entry")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index("ix_trail_entry_chain_about", ["chain", "about", "row_id", "seq"], unique=False)

    op.create_table(
        "trail_head",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "used_form",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_used_form")),
    )
    with op.batch_alter_table("used_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_form_used_at"), ["used_at"], unique=False)

    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "post IN ('proxy', 'deputy', 'head_of_office', 'secretary', 'auditor', 'office_admin', 'external_auditor')",
            name=op.f("ck_appointment_post_known"),
        ),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_appointment_ends_after_start")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_appointment_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_appointment_office_id_id")),
        sa.UniqueConstraint("office_id", "key", name=op.f("uq_appointment_office_id_key")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_appointment_office_post", ["office_id", "post"], unique=False)
        batch_op.create_index("ix_appointment_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_appointment_until_on", ["until_on"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("edition_code", sa.String(length=20), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("finding_count", sa.Integer(), nullable=False),
        sa.Column("team_reason", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'finished') = (published_at IS NOT NULL)", name=op.f("ck_audit_finished_when_published")
        ),
        sa.CheckConstraint(
            "kind IN ('internal', 'out_of_plan', 'stage_1', 'stage_2', 'surveillance', 'recertification', 'special')",
            name=op.f("ck_audit_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'under_way', 'finished', 'cancelled')", name=op.f("ck_audit_state_known")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_audit_ends_after_start")),
        sa.ForeignKeyConstraint(["edition_code"], ["edition.code"], name=op.f("fk_audit_edition_code")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_audit_office_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["person.id"], name=op.f("fk_audit_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_audit_office_id_id")),
        sa.UniqueConstraint("office_id", "key", name=op.f("uq_audit_office_id_key")),
        sa.UniqueConstraint("office_id", "number", name=op.f("uq_audit_office_id_number")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_audit_office_starts", ["office_id", "starts_on", "id"], unique=False)
        batch_op.create_index("ix_audit_state_ends", ["state", "ends_on"], unique=False)
        batch_op.create_index("ix_audit_state_starts", ["state", "starts_on"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("edition_code", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("rules", sa.String(length=4), nullable=False),
        sa.Column("is_initial", sa.Boolean(), nullable=False),
        sa.Column("stage2_ended_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("restored_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rules IN ('2011', '2015')", name=op.f("ck_certificate_rules_known")),
        sa.CheckConstraint(
            "suspended_on IS NOT NULL OR restored_on IS NULL", name=op.f("ck_certificate_restored_after_suspension")
        ),
        sa.CheckConstraint("valid_until > decided_on", name=op.f("ck_certificate_ends_after_decision")),
        sa.ForeignKeyConstraint(["edition_code"], ["edition.code"], name=op.f("fk_certificate_edition_code")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_certificate_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_certificate_office_id_id")),
        sa.UniqueConstraint("office_id", "key", name=op.f("uq_certificate_office_id_key")),
        sa.UniqueConstraint(
            "office_id", "number", "valid_from", name=op.f("uq_certificate_office_id_number_valid_from")
        ),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_certificate_office_until", ["office_id", "valid_until"], unique=False)
        batch_op.create_index("ix_certificate_valid_until", ["valid_until"], unique=False)

    op.create_table(
        "clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("parent_number", sa.String(length=12), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("title_pl", sa.String(length=200), nullable=False),
        sa.Column("excludable", sa.String(length=4), nullable=False),
        sa.Column("documented_procedure", sa.Boolean(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("maintain", sa.Integer(), nullable=False),
        sa.Column("question_pl", sa.Text(), nullable=False),
        sa.Column("question_en", sa.Text(), nullable=False),
        sa.Column(
            "place",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint("kind IN ('clause', 'chapter', 'group', 'leaf', 'part')", name=op.f("ck_clause_kind_known")),
        sa.ForeignKeyConstraint(["edition_code"], ["edition.code"], name=op.f("fk_clause_edition_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause")),
        sa.UniqueConstraint("edition_code", "number", name=op.f("uq_clause_edition_code_number")),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("symbol", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "sort_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id", "parent_id"],
            ["department.office_id", "department.id"],
            name=op.f("fk_department_office_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_department_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_department_office_id_id")),
        sa.UniqueConstraint("office_id", "key", name=op.f("uq_department_office_id_key")),
        sa.UniqueConstraint("office_id", "symbol", name=op.f("uq_department_office_id_symbol")),
    )
    with op.batch_alter_table("department", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_department_office_id"), ["office_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe", sa.String(length=120), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("is_awaited", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("claimed_by", sa.String(length=60), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'claimed', 'sending', 'sent', 'uncertain', 'failed', 'held', 'void')",
            name=op.f("ck_letter_state_known"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_letter_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_letter_dedupe")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_office_created", ["office_id", "created_at"], unique=False)
        batch_op.create_index("ix_letter_person_created", ["person_id", "created_at"], unique=False)
        batch_op.create_index("ix_letter_sent_at", ["sent_at"], unique=False)
        batch_op.create_index("ix_letter_state_not_before", ["state", "is_awaited", "not_before", "id"], unique=False)

    op.create_table(
        "loan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("lender_office_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("consented_by_id", sa.Integer(), nullable=True),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("declined_on", sa.Date(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(consented_on IS NULL) = (person_id IS NULL)", name=op.f("ck_loan_person_once_consented")),
        sa.CheckConstraint("consented_on IS NULL OR declined_on IS NULL", name=op.f("ck_loan_one_answer")),
        sa.CheckConstraint("office_id <> lender_office_id", name=op.f("ck_loan_of_another_office")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_loan_ends_after_start")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_loan_asked_by_id")),
        sa.ForeignKeyConstraint(["consented_by_id"], ["person.id"], name=op.f("fk_loan_consented_by_id")),
        sa.ForeignKeyConstraint(["lender_office_id"], ["office.id"], name=op.f("fk_loan_lender_office_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_loan_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_loan_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_loan_office_id_id")),
        sa.UniqueConstraint("office_id", "key", name=op.f("uq_loan_office_id_key")),
    )
    with op.batch_alter_table("loan", schema=None) as batch_op:
        batch_op.create_index("ix_loan_lender_office_id", ["lender_office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loan_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_loan_person_id", ["person_id"], unique=False)

    op.create_table(
        "number_counter",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_number_counter_office_id")),
        sa.PrimaryKeyConstraint("office_id", "scope", name=op.f("pk_number_counter")),
    )
    op.create_table(
        "office_day_off",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_office_day_off_office_id")),
        sa.PrimaryKeyConstraint("office_id", "day", name=op.f("pk_office_day_off")),
    )
    op.create_table(
        "office_limit",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("counts_back", sa.Boolean(), nullable=False),
        sa.CheckConstraint("value IS NULL OR value >= 0", name=op.f("ck_office_limit_value_not_negative")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_office_limit_office_id")),
        sa.PrimaryKeyConstraint("office_id", "name", name=op.f("pk_office_limit")),
    )
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
    )
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_code_browser_hash"), ["browser_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_code_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_code_person_id"), ["person_id"], unique=False)

    op.create_table(
        "signed_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signed_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_signed_in_token_hash")),
    )
    with op.batch_alter_table("signed_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signed_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_stored_file_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_stored_file_office_id_id")),
        sa.UniqueConstraint("place", name=op.f("uq_stored_file_place")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_office_id"), ["office_id"], unique=False)

    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("trained_as", sa.String(length=10), nullable=False),
        sa.Column("edition_code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("certificate_number", sa.String(length=60), nullable=False),
        sa.Column("validity", sa.String(length=12), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(validity = 'until') = (valid_until IS NOT NULL)", name=op.f("ck_training_end_given_when_it_ends")
        ),
        sa.CheckConstraint("trained_as IN ('auditor', 'proxy')", name=op.f("ck_training_trained_as_known")),
        sa.CheckConstraint("validity IN ('until', 'without_end', 'unknown')", name=op.f("ck_training_validity_known")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= held_on", name=op.f("ck_training_ends_after_training")
        ),
        sa.ForeignKeyConstraint(["edition_code"], ["edition.code"], name=op.f("fk_training_edition_code")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_training_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_training_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_training_office_id_id")),
        sa.UniqueConstraint("office_id", "key", name=op.f("uq_training_office_id_key")),
    )
    with op.batch_alter_table("training", schema=None) as batch_op:
        batch_op.create_index("ix_training_office_held", ["office_id", "held_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_training_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_training_valid_until", ["valid_until"], unique=False)

    op.create_table(
        "audit_clause",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_audit_clause_clause_id")),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"], ["audit.office_id", "audit.id"], name=op.f("fk_audit_clause_office_id_audit_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_audit_clause_office_id")),
        sa.PrimaryKeyConstraint("audit_id", "clause_id", name=op.f("pk_audit_clause")),
    )
    with op.batch_alter_table("audit_clause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_clause_office_id"), ["office_id"], unique=False)

    op.create_table(
        "audit_department",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"],
            ["audit.office_id", "audit.id"],
            name=op.f("fk_audit_department_office_id_audit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "department_id"],
            ["department.office_id", "department.id"],
            name=op.f("fk_audit_department_office_id_department_id"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_audit_department_office_id")),
        sa.PrimaryKeyConstraint("audit_id", "department_id", name=op.f("pk_audit_department")),
    )
    with op.batch_alter_table("audit_department", schema=None) as batch_op:
        batch_op.create_index("ix_audit_department_department_id", ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_department_office_id"), ["office_id"], unique=False)

    op.create_table(
        "audit_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("is_lent", sa.Boolean(), nullable=False),
        sa.Column("warning", sa.String(length=500), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('lead', 'auditor', 'trainee', 'expert', 'observer')", name=op.f("ck_audit_member_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"], ["audit.office_id", "audit.id"], name=op.f("fk_audit_member_office_id_audit_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_audit_member_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audit_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_member")),
        sa.UniqueConstraint("audit_id", "person_id", name=op.f("uq_audit_member_audit_id_person_id")),
    )
    with op.batch_alter_table("audit_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_member_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_audit_member_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "uq_audit_member_one_lead",
            ["audit_id"],
            unique=True,
            sqlite_where=sa.text("role = 'lead'"),
            postgresql_where=sa.text("role = 'lead'"),
        )

    op.create_table(
        "clause_mapping",
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["clause.id"], name=op.f("fk_clause_mapping_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["clause.id"], name=op.f("fk_clause_mapping_to_id")),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_clause_mapping")),
    )
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_exclusion_clause_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_exclusion_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
        sa.UniqueConstraint(
            "office_id", "clause_id", "valid_from", name=op.f("uq_exclusion_office_id_clause_id_valid_from")
        ),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_exclusion_office_id_id")),
    )
    with op.batch_alter_table("exclusion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exclusion_office_id"), ["office_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.Column("waits_for", sa.String(length=20), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("counted_from", sa.Date(), nullable=True),
        sa.Column("due_limit", sa.String(length=20), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("date_moves", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_finding_closed_has_a_day")),
        sa.CheckConstraint(
            "(state IN ('draft')) = (number IS NULL) OR state = 'cancelled'",
            name=op.f("ck_finding_number_once_reported"),
        ),
        sa.CheckConstraint(
            "category IN ('nonconformity', 'major', 'minor', 'observation', 'opportunity', 'strength')",
            name=op.f("ck_finding_category_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'reported', 'accepted', 'in_analysis', 'planned', 'in_progress', 'done', 'effectiveness_check', 'closed', 'rejected', 'cancelled')",
            name=op.f("ck_finding_state_known"),
        ),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_finding_clause_id")),
        sa.ForeignKeyConstraint(
            ["office_id", "audit_id"], ["audit.office_id", "audit.id"], name=op.f("fk_finding_office_id_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "department_id"],
            ["department.office_id", "department.id"],
            name=op.f("fk_finding_office_id_department_id"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_finding_office_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_finding_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_finding_office_id_id")),
        sa.UniqueConstraint("office_id", "key", name=op.f("uq_finding_office_id_key")),
        sa.UniqueConstraint("office_id", "number", name=op.f("uq_finding_office_id_number")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index("ix_finding_audit_id", ["audit_id"], unique=False)
        batch_op.create_index(
            "ix_finding_office_category", ["office_id", "category", "reported_on", "id"], unique=False
        )
        batch_op.create_index(
            "ix_finding_office_department", ["office_id", "department_id", "reported_on", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_finding_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_finding_office_reported", ["office_id", "reported_on", "id"], unique=False)
        batch_op.create_index("ix_finding_office_stage", ["office_id", "stage", "reported_on", "id"], unique=False)
        batch_op.create_index(
            "ix_finding_open",
            ["office_id", "reported_on", "id"],
            unique=False,
            sqlite_where=sa.text("waits_for IS NOT NULL"),
            postgresql_where=sa.text("waits_for IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_finding_open_due",
            ["office_id", "due_on"],
            unique=False,
            sqlite_where=sa.text("waits_for IS NOT NULL"),
            postgresql_where=sa.text("waits_for IS NOT NULL"),
        )

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_membership_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["office_id", "department_id"],
            ["department.office_id", "department.id"],
            name=op.f("fk_membership_office_id_department_id"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_membership_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_membership_office_id_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_department_id", ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_membership_person_id", ["person_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('', 'told', 'done', 'passed on')", name=op.f("ck_reminder_outcome_known")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_reminder_letter_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_reminder_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "office_id",
            "kind",
            "subject",
            "due_on",
            "step",
            "person_id",
            name=op.f("uq_reminder_office_id_kind_subject_due_on_step_person_id"),
        ),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index("ix_reminder_letter_id", ["letter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminder_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_reminder_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_reminder_subject", ["office_id", "subject"], unique=False)

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("date_moves", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id", "finding_id"],
            ["finding.office_id", "finding.id"],
            name=op.f("fk_action_office_id_finding_id"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_action_office_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_action_owner_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["person.id"], name=op.f("fk_action_reported_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_action_office_id_id")),
        sa.UniqueConstraint("office_id", "key", name=op.f("uq_action_office_id_key")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index("ix_action_finding_id", ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_office_id"), ["office_id"], unique=False)
        batch_op.create_index(
            "ix_action_open_due",
            ["office_id", "due_on"],
            unique=False,
            sqlite_where=sa.text("done_on IS NULL"),
            postgresql_where=sa.text("done_on IS NULL"),
        )
        batch_op.create_index("ix_action_owner", ["owner_id", "due_on"], unique=False)

    op.create_table(
        "finding_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("no_correction_reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("draft_actions", sa.JSON(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_note", sa.Text(), nullable=False),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("is_effective", sa.Boolean(), nullable=True),
        sa.Column("effectiveness", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_finding_round_accepted_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_finding_round_answered_by_id")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["person.id"], name=op.f("fk_finding_round_judged_by_id")),
        sa.ForeignKeyConstraint(
            ["office_id", "finding_id"],
            ["finding.office_id", "finding.id"],
            name=op.f("fk_finding_round_office_id_finding_id"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_finding_round_office_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["person.id"], name=op.f("fk_finding_round_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_round")),
        sa.UniqueConstraint("finding_id", "number", name=op.f("uq_finding_round_finding_id_number")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_finding_round_office_id_id")),
    )
    with op.batch_alter_table("finding_round", schema=None) as batch_op:
        batch_op.create_index("ix_finding_round_finding_id", ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_round_office_id"), ["office_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_evidence_added_by_id")),
        sa.ForeignKeyConstraint(
            ["office_id", "action_id"], ["action.office_id", "action.id"], name=op.f("fk_evidence_office_id_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "file_id"],
            ["stored_file.office_id", "stored_file.id"],
            name=op.f("fk_evidence_office_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id", "finding_id"],
            ["finding.office_id", "finding.id"],
            name=op.f("fk_evidence_office_id_finding_id"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_evidence_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("office_id", "id", name=op.f("uq_evidence_office_id_id")),
        sa.UniqueConstraint("office_id", "key", name=op.f("uq_evidence_office_id_key")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_finding_id", ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_office_id"), ["office_id"], unique=False)
    for statement in creation(op.get_bind().dialect.name):
        op.execute(statement)
    op.execute("INSERT INTO trail_head (chain, seq, hash) VALUES (0, 0, '')")


def downgrade() -> None:
    """Refuse: going back from the first tables would drop all data; restore a backup instead."""
    message = "there is nothing before the first tables"
    raise NotImplementedError(message)
