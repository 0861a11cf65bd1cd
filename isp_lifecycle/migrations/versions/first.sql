-- The tables as first released; written by `isp db revise --first`.

CREATE SEQUENCE customer_codes;

CREATE SEQUENCE service_codes;

CREATE SEQUENCE order_codes;

CREATE SEQUENCE visit_numbers;

CREATE SEQUENCE incident_numbers;

CREATE SEQUENCE ticket_numbers;

CREATE SEQUENCE bulk_codes;

CREATE TABLE plans (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    down_kbps INTEGER NOT NULL,
    up_kbps INTEGER NOT NULL,
    price NUMERIC(14, 4) NOT NULL,
    price_currency CHAR(3) NOT NULL,
    address_policy TEXT NOT NULL,
    vlan SMALLINT NOT NULL,
    on_sale BOOLEAN NOT NULL,
    ipv6_policy TEXT,
    ont TEXT DEFAULT 'bridge' NOT NULL,
    own_vlan BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_plans PRIMARY KEY (id),
    CONSTRAINT ck_plans_rates_positive CHECK (down_kbps > 0 AND up_kbps > 0),
    CONSTRAINT ck_plans_price_not_negative CHECK (price >= 0),
    CONSTRAINT ck_plans_vlan_usable CHECK (vlan BETWEEN 2 AND 4094),
    CONSTRAINT ck_plans_address_policy_known CHECK (address_policy IN ('dynamic','static','block30','block29','block28','block27','block26','block25','block24')),
    CONSTRAINT ck_plans_ont_known CHECK (ont IN ('bridge','untagged','dhcp','static','pppoe')),
    CONSTRAINT ck_plans_ipv6_policy_known CHECK (ipv6_policy IN ('pd48','pd52','pd56','pd60','pd64')),
    CONSTRAINT uq_plans_code UNIQUE (code)
);

CREATE TABLE events (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    version SMALLINT NOT NULL,
    payload JSONB NOT NULL,
    service_id UUID,
    order_id UUID,
    customer_id UUID,
    trace UUID NOT NULL,
    actor TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_events PRIMARY KEY (id)
);

CREATE INDEX ix_events_customer_id ON events (customer_id);

CREATE INDEX ix_events_kind ON events (kind);

CREATE INDEX ix_events_order_id ON events (order_id);

CREATE INDEX ix_events_recorded_at ON events (recorded_at);

CREATE INDEX ix_events_service_id ON events (service_id);

CREATE INDEX ix_events_trace ON events (trace);

CREATE TABLE outlines (
    id UUID NOT NULL,
    steps JSONB NOT NULL,
    CONSTRAINT pk_outlines PRIMARY KEY (id)
);

CREATE TABLE step_runs (
    delivery_id UUID NOT NULL,
    id UUID NOT NULL,
    position SMALLINT NOT NULL,
    name TEXT NOT NULL,
    direction TEXT NOT NULL,
    attempt SMALLINT NOT NULL,
    state TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    device_seconds DOUBLE PRECISION DEFAULT '0' NOT NULL,
    says TEXT DEFAULT '' NOT NULL,
    failure JSONB,
    transcript TEXT,
    forgotten_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_step_runs PRIMARY KEY (delivery_id, id)
);

CREATE INDEX ix_step_runs_evidence ON step_runs (finished_at) WHERE transcript IS NOT NULL;

CREATE INDEX ix_step_runs_lately ON step_runs USING brin (id) WITH (pages_per_range = 32, autosummarize = true);

CREATE TABLE turns (
    key TEXT NOT NULL,
    delivery_id UUID NOT NULL,
    token BIGINT NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_turns PRIMARY KEY (key)
);

CREATE INDEX ix_turns_delivery_id ON turns (delivery_id);

CREATE TABLE holds (
    id UUID NOT NULL,
    key TEXT NOT NULL,
    reason TEXT NOT NULL,
    held_by TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_holds PRIMARY KEY (id),
    CONSTRAINT ck_holds_ends_after_it_begins CHECK (until > since)
);

CREATE INDEX ix_holds_key ON holds (key);

CREATE TABLE process_beats (
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    clock_ahead DOUBLE PRECISION DEFAULT '0' NOT NULL,
    CONSTRAINT pk_process_beats PRIMARY KEY (name)
);

CREATE TABLE subscription_starts (
    event_kind TEXT NOT NULL,
    subscriber TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_subscription_starts PRIMARY KEY (event_kind, subscriber)
);

CREATE TABLE audit (
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    source TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail JSONB NOT NULL,
    changes JSONB NOT NULL,
    told BYTEA NOT NULL,
    salt BYTEA,
    seq BIGINT,
    link BYTEA,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_audit PRIMARY KEY (id),
    CONSTRAINT ck_audit_sealed_whole CHECK ((seq IS NULL) = (link IS NULL)),
    CONSTRAINT ck_audit_erased_whole CHECK ((salt IS NULL) = (erased_at IS NOT NULL)),
    CONSTRAINT uq_audit_seq UNIQUE (seq)
);

CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit' THEN
        IF OLD.seq IS NULL AND NEW.seq IS NOT NULL
           AND to_jsonb(NEW) - ARRAY['seq', 'link'] = to_jsonb(OLD) - ARRAY['seq', 'link'] THEN
            RETURN NEW;
        END IF;
        IF NEW.erased_at IS NOT NULL
           AND to_jsonb(NEW) - ARRAY['actor', 'subject_id', 'address', 'reason', 'detail', 'changes', 'salt', 'erased_at'] = to_jsonb(OLD) - ARRAY['actor', 'subject_id', 'address', 'reason', 'detail', 'changes', 'salt', 'erased_at'] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
        MESSAGE = 'The audit trail only grows: ' || lower(TG_OP) || ' of ' || TG_TABLE_NAME || ' is refused.';
END $$;

CREATE INDEX ix_audit_action ON audit (action);

CREATE INDEX ix_audit_actor ON audit (actor);

CREATE INDEX ix_audit_at ON audit (at);

CREATE INDEX ix_audit_subject ON audit (subject_kind, subject_id);

CREATE INDEX ix_audit_unsealed ON audit (at, id) WHERE seq IS NULL;

CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_only_grows();

CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows();

CREATE TABLE audit_heads (
    seq BIGINT NOT NULL,
    link BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    seal BYTEA NOT NULL,
    CONSTRAINT pk_audit_heads PRIMARY KEY (seq)
);

CREATE TRIGGER audit_heads_is_not_emptied BEFORE TRUNCATE ON audit_heads EXECUTE FUNCTION audit_only_grows();

CREATE TRIGGER audit_heads_only_grows BEFORE UPDATE OR DELETE ON audit_heads FOR EACH ROW EXECUTE FUNCTION audit_only_grows();

CREATE TABLE charges (
    id UUID NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    customer_id UUID NOT NULL,
    service_id UUID NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    period DATERANGE NOT NULL,
    amount NUMERIC(14, 4) NOT NULL,
    amount_currency CHAR(3) NOT NULL,
    description TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_charges PRIMARY KEY (id),
    CONSTRAINT ck_charges_kind_known CHECK (kind IN ('recurring', 'prorated', 'credit', 'one_off')),
    CONSTRAINT ck_charges_only_credits_negative CHECK (CASE kind WHEN 'credit' THEN amount <= 0 ELSE amount >= 0 END),
    CONSTRAINT uq_charges_source UNIQUE (source)
);

CREATE INDEX ix_charges_created_at ON charges (created_at);

CREATE INDEX ix_charges_customer_id ON charges (customer_id);

CREATE INDEX ix_charges_service_id ON charges (service_id);

CREATE INDEX ix_charges_source_prefix ON charges (source text_pattern_ops);

CREATE TABLE customers (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_customers PRIMARY KEY (id),
    CONSTRAINT uq_customers_code UNIQUE (code)
);

CREATE UNIQUE INDEX uq_customers_email_lower ON customers (lower(email));

CREATE TABLE premises (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    area TEXT NOT NULL,
    street TEXT NOT NULL,
    number TEXT NOT NULL,
    unit TEXT,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    splitter_code TEXT,
    splitter_port SMALLINT,
    drop_m INTEGER,
    address_text TEXT GENERATED ALWAYS AS (regexp_replace(lower(translate(' ' || code || ' ' || coalesce(unit, '') || ' ' || number || ' ' || street || ' ' || postcode || ' ' || replace(postcode, ' ', '') || ' ' || city || ' ' || area || ' ', 'ÁÀÂÄÃÅáàâäãåÉÈÊËéèêëÍÌÎÏíìîïÓÒÔÖÕØóòôöõøÚÙÛÜúùûüÝýÑñÇç’''', 'AAAAAAaaaaaaEEEEeeeeIIIIiiiiOOOOOOooooooUUUUuuuuYyNnCc')), '[[:punct:][:space:]]+', ' ', 'g')) STORED NOT NULL,
    CONSTRAINT pk_premises PRIMARY KEY (id),
    CONSTRAINT ck_premises_port_has_splitter CHECK (splitter_port IS NULL OR splitter_code IS NOT NULL),
    CONSTRAINT uq_premises_code UNIQUE (code)
);

CREATE INDEX ix_premises_address_text ON premises USING gin (address_text gin_trgm_ops);

CREATE INDEX ix_premises_area ON premises (area);

CREATE UNIQUE INDEX uq_premises_splitter_port ON premises (splitter_code, splitter_port) WHERE splitter_port IS NOT NULL;

CREATE TABLE address_words (
    word TEXT NOT NULL,
    CONSTRAINT pk_address_words PRIMARY KEY (word)
);

CREATE INDEX ix_address_words_word ON address_words USING gist (word gist_trgm_ops);

CREATE TABLE olts (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    vendor TEXT NOT NULL,
    model TEXT NOT NULL,
    area TEXT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER NOT NULL,
    credentials TEXT NOT NULL,
    uplink TEXT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    host_key TEXT,
    host_key_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_olts PRIMARY KEY (id),
    CONSTRAINT ck_olts_host_key_has_instant CHECK ((host_key IS NULL) = (host_key_at IS NULL)),
    CONSTRAINT uq_olts_name UNIQUE (name)
);

CREATE TABLE services (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    customer_id UUID NOT NULL,
    premises_id UUID NOT NULL,
    order_id UUID,
    state TEXT NOT NULL,
    terms JSONB NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    active_on DATE,
    ended_on DATE,
    suspended_on DATE,
    suspended_way TEXT,
    suspended_for TEXT,
    CONSTRAINT pk_services PRIMARY KEY (id),
    CONSTRAINT ck_services_state_known CHECK (state IN ('pending','active','suspended','terminated')),
    CONSTRAINT ck_services_active_has_date CHECK (state NOT IN ('active', 'suspended') OR active_on IS NOT NULL),
    CONSTRAINT ck_services_suspended_has_date CHECK (state <> 'suspended' OR suspended_on IS NOT NULL),
    CONSTRAINT ck_services_ended_has_date CHECK ((state = 'terminated') = (ended_on IS NOT NULL)),
    CONSTRAINT uq_services_code UNIQUE (code),
    CONSTRAINT uq_services_order_id UNIQUE (order_id)
);

CREATE INDEX ix_services_customer_id ON services (customer_id);

CREATE INDEX ix_services_premises_id ON services (premises_id);

CREATE INDEX ix_services_state ON services (state);

CREATE TABLE closures (
    code TEXT NOT NULL,
    splices SMALLINT NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    CONSTRAINT pk_closures PRIMARY KEY (code)
);

CREATE TABLE pools (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    area TEXT,
    policy TEXT NOT NULL,
    prefix CIDR NOT NULL,
    gateway INET,
    excluded CIDR[] NOT NULL,
    size BIGINT NOT NULL,
    wan CIDR,
    CONSTRAINT pk_pools PRIMARY KEY (id),
    CONSTRAINT ex_pools_prefix EXCLUDE USING gist (prefix inet_ops WITH &&),
    CONSTRAINT ex_pools_wan EXCLUDE USING gist (wan inet_ops WITH &&),
    CONSTRAINT ck_pools_policy_known CHECK (policy IN ('dynamic','static','block30','block29','block28','block27','block26','block25','block24','pd48','pd52','pd56','pd60','pd64')),
    CONSTRAINT uq_pools_name UNIQUE (name)
);

CREATE TABLE number_checks (
    id UUID NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    checked_by TEXT NOT NULL,
    with_devices BOOLEAN NOT NULL,
    conflicts INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    report JSONB NOT NULL,
    CONSTRAINT pk_number_checks PRIMARY KEY (id)
);

CREATE INDEX ix_number_checks_checked_at ON number_checks (checked_at);

CREATE TABLE nats (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    inside CIDR NOT NULL,
    outside CIDR NOT NULL,
    ports INTEGER NOT NULL,
    excluded INT4RANGE[] NOT NULL,
    during TSTZRANGE NOT NULL,
    CONSTRAINT pk_nats PRIMARY KEY (id),
    CONSTRAINT ex_nats_inside EXCLUDE USING gist (inside inet_ops WITH &&, during WITH &&),
    CONSTRAINT ex_nats_outside EXCLUDE USING gist (outside inet_ops WITH &&, during WITH &&),
    CONSTRAINT ck_nats_ports_positive CHECK (ports > 0)
);

CREATE UNIQUE INDEX uq_nats_name ON nats (name) WHERE upper_inf(during);

CREATE TABLE vlan_groups (
    olt TEXT NOT NULL,
    "outer" SMALLINT NOT NULL,
    first SMALLINT NOT NULL,
    last SMALLINT NOT NULL,
    ports TEXT[] NOT NULL,
    CONSTRAINT pk_vlan_groups PRIMARY KEY (olt, "outer"),
    CONSTRAINT ck_vlan_groups_tags_usable CHECK ("outer" BETWEEN 2 AND 4093 AND first >= 2 AND last <= 4093),
    CONSTRAINT ck_vlan_groups_some_tags CHECK (first <= last)
);

CREATE TABLE vlans (
    olt TEXT NOT NULL,
    number SMALLINT NOT NULL,
    purpose TEXT NOT NULL,
    reserved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_vlans PRIMARY KEY (olt, number),
    CONSTRAINT ck_vlans_number_usable CHECK (number BETWEEN 2 AND 4094)
);

CREATE TABLE orders (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    customer_id UUID NOT NULL,
    premises_id UUID NOT NULL,
    service_id UUID,
    terms JSONB NOT NULL,
    channel TEXT NOT NULL,
    note TEXT NOT NULL,
    consent_at TIMESTAMP WITH TIME ZONE,
    wanted_on DATE,
    submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by TEXT,
    reason TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT,
    applicant JSONB,
    claimed BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_orders PRIMARY KEY (id),
    CONSTRAINT ck_orders_state_known CHECK (state IN ('submitted','confirmed','in_progress','completed','cancelled','failed','rejected')),
    CONSTRAINT ck_orders_kind_known CHECK (kind IN ('new_line','plan_change','termination','suspension','resumption','ont_swap','relocation','address_change')),
    CONSTRAINT ck_orders_channel_known CHECK (channel IN ('portal','staff','crm','partner')),
    CONSTRAINT ck_orders_change_has_service CHECK (kind = 'new_line' OR service_id IS NOT NULL),
    CONSTRAINT ck_orders_closed_has_instant CHECK ((state IN ('confirmed','failed','in_progress','submitted')) = (closed_at IS NULL)),
    CONSTRAINT ck_orders_claimed_by_somebody CHECK (NOT claimed OR applicant IS NOT NULL),
    CONSTRAINT uq_orders_code UNIQUE (code)
);

CREATE INDEX ix_orders_customer_id ON orders (customer_id);

CREATE INDEX ix_orders_open_state ON orders (state, submitted_at) WHERE state IN ('confirmed','failed','in_progress','submitted');

CREATE INDEX ix_orders_premises_id ON orders (premises_id);

CREATE INDEX ix_orders_service_id ON orders (service_id);

CREATE INDEX ix_orders_submitted_at ON orders (submitted_at);

CREATE UNIQUE INDEX uq_orders_open_change ON orders (service_id, kind) WHERE kind <> 'new_line' AND state IN ('confirmed','failed','in_progress','submitted');

CREATE UNIQUE INDEX uq_orders_open_new_line ON orders (premises_id) WHERE kind = 'new_line' AND state IN ('confirmed','failed','in_progress','submitted');

CREATE TABLE engineers (
    id UUID NOT NULL,
    username TEXT NOT NULL,
    name TEXT NOT NULL,
    area TEXT,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    CONSTRAINT pk_engineers PRIMARY KEY (id),
    CONSTRAINT uq_engineers_username UNIQUE (username)
);

CREATE INDEX ix_engineers_area ON engineers (area);

CREATE TABLE tasks (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    delivery_id UUID,
    service_id UUID,
    assignee TEXT,
    role TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT,
    CONSTRAINT pk_tasks PRIMARY KEY (id),
    CONSTRAINT ck_tasks_state_known CHECK (state IN ('open', 'done', 'cancelled')),
    CONSTRAINT ck_tasks_closed_has_time CHECK ((state = 'open') = (closed_at IS NULL))
);

CREATE INDEX ix_tasks_delivery_id ON tasks (delivery_id);

CREATE INDEX ix_tasks_open ON tasks (role, due_at) WHERE state = 'open';

CREATE INDEX ix_tasks_service_id ON tasks (service_id);

CREATE UNIQUE INDEX uq_tasks_open_delivery_id_kind ON tasks (delivery_id, kind) WHERE state = 'open' AND delivery_id IS NOT NULL;

CREATE TABLE incidents (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    delivery_id UUID NOT NULL,
    service_id UUID,
    step TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    remedy TEXT NOT NULL,
    device TEXT,
    transcript TEXT,
    changed JSONB NOT NULL,
    occurrences INTEGER NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT,
    outcome TEXT,
    forgotten_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_incidents PRIMARY KEY (id),
    CONSTRAINT ck_incidents_kind_known CHECK (kind IN ('refused', 'unreachable', 'needs person', 'error')),
    CONSTRAINT uq_incidents_code UNIQUE (code)
);

CREATE INDEX ix_incidents_delivery_id ON incidents (delivery_id);

CREATE INDEX ix_incidents_device ON incidents (device);

CREATE INDEX ix_incidents_evidence ON incidents (closed_at) WHERE transcript IS NOT NULL;

CREATE INDEX ix_incidents_opened_at ON incidents (opened_at);

CREATE INDEX ix_incidents_service_id ON incidents (service_id);

CREATE UNIQUE INDEX uq_incidents_open_delivery_id_step ON incidents (delivery_id, step) WHERE closed_at IS NULL;

CREATE TABLE readings (
    id UUID NOT NULL,
    service_id UUID NOT NULL,
    olt TEXT NOT NULL,
    pon_port TEXT NOT NULL,
    ont_id INTEGER NOT NULL,
    serial TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    ont_rx_dbm DOUBLE PRECISION,
    ont_tx_dbm DOUBLE PRECISION,
    olt_rx_dbm DOUBLE PRECISION,
    distance_m DOUBLE PRECISION,
    source TEXT NOT NULL,
    CONSTRAINT pk_readings PRIMARY KEY (id),
    CONSTRAINT uq_readings_service_id_at_source UNIQUE (service_id, at, source)
);

CREATE INDEX ix_readings_at ON readings USING brin (at);

CREATE TABLE bulk_changes (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    selection JSONB NOT NULL,
    terms JSONB NOT NULL,
    wanted_on DATE NOT NULL,
    priority SMALLINT NOT NULL,
    reason TEXT NOT NULL,
    bad_rows JSONB NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    CONSTRAINT pk_bulk_changes PRIMARY KEY (id),
    CONSTRAINT ck_bulk_changes_state_known CHECK (state IN ('proposed','approved','written','stopped','rejected')),
    CONSTRAINT ck_bulk_changes_decided_by_somebody CHECK (state = 'proposed' OR decided_by IS NOT NULL),
    CONSTRAINT ck_bulk_changes_decided_by_another CHECK (state IN ('proposed', 'rejected') OR decided_by <> asked_by),
    CONSTRAINT uq_bulk_changes_code UNIQUE (code)
);

CREATE INDEX ix_bulk_changes_asked_at ON bulk_changes (asked_at);

CREATE TABLE emails (
    id UUID NOT NULL,
    key TEXT NOT NULL,
    "to" TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    message_id TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    offers SMALLINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_emails PRIMARY KEY (id),
    CONSTRAINT uq_emails_key UNIQUE (key),
    CONSTRAINT uq_emails_message_id UNIQUE (message_id)
);

CREATE INDEX ix_emails_to ON emails ("to");

CREATE INDEX ix_emails_unsent ON emails (created_at) WHERE sent_at IS NULL;

CREATE TABLE notifications (
    id UUID NOT NULL,
    key TEXT NOT NULL,
    username TEXT,
    role TEXT,
    text TEXT NOT NULL,
    link TEXT NOT NULL,
    level TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_notifications PRIMARY KEY (id),
    CONSTRAINT ck_notifications_person_or_role CHECK ((username IS NULL) <> (role IS NULL)),
    CONSTRAINT ck_notifications_level_known CHECK (level IN ('info', 'warning', 'failure')),
    CONSTRAINT uq_notifications_key UNIQUE (key)
);

CREATE INDEX ix_notifications_created_at ON notifications (created_at);

CREATE INDEX ix_notifications_read_at ON notifications (read_at);

CREATE INDEX ix_notifications_role ON notifications (role, created_at);

CREATE INDEX ix_notifications_unread ON notifications (username, role) WHERE read_at IS NULL;

CREATE INDEX ix_notifications_username ON notifications (username, created_at);

CREATE TABLE report_runs (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    first DATE NOT NULL,
    last DATE NOT NULL,
    area TEXT,
    state TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    requested_by TEXT NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    file TEXT,
    words TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_report_runs PRIMARY KEY (id)
);

CREATE INDEX ix_report_runs_requested_at ON report_runs (requested_at);

CREATE TABLE users (
    id UUID NOT NULL,
    username TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    role TEXT NOT NULL,
    password_hash TEXT,
    active BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    customer_id UUID,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_username_normal CHECK (username = lower(username) AND username <> ''),
    CONSTRAINT ck_users_customer_has_customer CHECK ((role = 'customer') = (customer_id IS NOT NULL)),
    CONSTRAINT uq_users_username UNIQUE (username)
);

CREATE INDEX ix_users_customer_id ON users (customer_id);

CREATE TABLE deliveries (
    id UUID NOT NULL,
    event_id UUID NOT NULL,
    subscriber TEXT NOT NULL,
    queue TEXT NOT NULL,
    state TEXT NOT NULL,
    direction TEXT DEFAULT 'forward' NOT NULL,
    undo_to SMALLINT DEFAULT '0' NOT NULL,
    priority SMALLINT DEFAULT '5' NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    blocked_on TEXT,
    service_id UUID,
    trace UUID NOT NULL,
    position SMALLINT DEFAULT '0' NOT NULL,
    attempt SMALLINT DEFAULT '1' NOT NULL,
    outline_id UUID,
    "case" JSONB,
    answer JSONB,
    failure JSONB,
    deadline_at TIMESTAMP WITH TIME ZONE,
    escalated_at TIMESTAMP WITH TIME ZONE,
    lease_token BIGINT DEFAULT '0' NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    worker TEXT,
    takeovers SMALLINT DEFAULT '0' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_deliveries PRIMARY KEY (id),
    CONSTRAINT uq_deliveries_event_id_subscriber UNIQUE (event_id, subscriber),
    CONSTRAINT ck_deliveries_state_known CHECK (state IN ('scheduled','queued','running','waiting','failed','done','cancelled')),
    CONSTRAINT ck_deliveries_running_has_lease CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CONSTRAINT fk_deliveries_event_id FOREIGN KEY(event_id) REFERENCES events (id)
)
 WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX ix_deliveries_attention ON deliveries (state) WHERE state IN ('failed', 'waiting');

CREATE INDEX ix_deliveries_due ON deliveries (due_at) WHERE state = 'scheduled';

CREATE INDEX ix_deliveries_in_line ON deliveries (blocked_on, priority, due_at, id) WHERE blocked_on IS NOT NULL;

CREATE INDEX ix_deliveries_open_service ON deliveries (service_id) WHERE state NOT IN ('done', 'cancelled') AND service_id IS NOT NULL;

CREATE INDEX ix_deliveries_open_trace ON deliveries (trace) WHERE state NOT IN ('done', 'cancelled') AND trace IS NOT NULL;

CREATE INDEX ix_deliveries_ready ON deliveries (queue, priority, due_at, id) WHERE state = 'queued' AND blocked_on IS NULL;

CREATE INDEX ix_deliveries_running ON deliveries (lease_until) WHERE state = 'running' AND lease_until IS NOT NULL;

CREATE INDEX ix_deliveries_service_id ON deliveries (service_id);

CREATE INDEX ix_deliveries_taken_over ON deliveries (takeovers) WHERE takeovers > 0;

CREATE INDEX ix_deliveries_trace ON deliveries (trace);

CREATE TABLE drifts (
    id UUID NOT NULL,
    olt_id UUID NOT NULL,
    key TEXT NOT NULL,
    kinds TEXT[] NOT NULL,
    differences TEXT[] NOT NULL,
    remedy TEXT NOT NULL,
    plan TEXT NOT NULL,
    commands TEXT[] NOT NULL,
    obstacle TEXT NOT NULL,
    found JSONB,
    state TEXT NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    settled_by TEXT NOT NULL,
    delivery_id UUID,
    CONSTRAINT pk_drifts PRIMARY KEY (id),
    CONSTRAINT ck_drifts_state_known CHECK (state IN ('open','approved','mended','recorded','gone')),
    CONSTRAINT ck_drifts_settled_has_instant CHECK ((state IN ('open', 'approved')) = (settled_at IS NULL)),
    CONSTRAINT fk_drifts_olt_id FOREIGN KEY(olt_id) REFERENCES olts (id)
);

CREATE INDEX ix_drifts_settled ON drifts (settled_at) WHERE settled_at IS NOT NULL;

CREATE UNIQUE INDEX uq_drifts_unsettled ON drifts (olt_id, key) WHERE state IN ('open', 'approved');

CREATE TABLE reconciliations (
    id UUID NOT NULL,
    olt_id UUID NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
    onts INTEGER NOT NULL,
    service_ports INTEGER NOT NULL,
    drifts INTEGER NOT NULL,
    strangers INTEGER NOT NULL,
    unread TEXT NOT NULL,
    CONSTRAINT pk_reconciliations PRIMARY KEY (id),
    CONSTRAINT fk_reconciliations_olt_id FOREIGN KEY(olt_id) REFERENCES olts (id)
);

CREATE INDEX ix_reconciliations_olt ON reconciliations (olt_id, finished_at);

CREATE TABLE pon_ports (
    id UUID NOT NULL,
    olt_id UUID NOT NULL,
    port TEXT NOT NULL,
    tx_dbm DOUBLE PRECISION NOT NULL,
    launch TEXT NOT NULL,
    CONSTRAINT pk_pon_ports PRIMARY KEY (id),
    CONSTRAINT uq_pon_ports_olt_id_port UNIQUE (olt_id, port),
    CONSTRAINT fk_pon_ports_olt_id FOREIGN KEY(olt_id) REFERENCES olts (id)
);

CREATE TABLE cards (
    olt_id UUID NOT NULL,
    place TEXT NOT NULL,
    model TEXT NOT NULL,
    state TEXT NOT NULL,
    ports TEXT[] NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    missing_since TIMESTAMP WITH TIME ZONE,
    was_model TEXT,
    changed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_cards PRIMARY KEY (olt_id, place),
    CONSTRAINT ck_cards_change_has_instant CHECK ((was_model IS NULL) = (changed_at IS NULL)),
    CONSTRAINT fk_cards_olt_id FOREIGN KEY(olt_id) REFERENCES olts (id)
);

CREATE TABLE free_extents (
    pool_id UUID NOT NULL,
    last BIGINT NOT NULL,
    first BIGINT NOT NULL,
    CONSTRAINT pk_free_extents PRIMARY KEY (pool_id, last),
    CONSTRAINT ck_free_extents_not_empty CHECK (first <= last),
    CONSTRAINT fk_free_extents_pool_id FOREIGN KEY(pool_id) REFERENCES pools (id)
)
 WITH (fillfactor = 60);

CREATE TABLE allocations (
    id UUID NOT NULL,
    pool_id UUID NOT NULL,
    prefix CIDR NOT NULL,
    owner UUID NOT NULL,
    state TEXT NOT NULL,
    reserved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    released_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_allocations PRIMARY KEY (id),
    CONSTRAINT ex_allocations_prefix EXCLUDE USING gist (prefix inet_ops WITH &&) WHERE (state <> 'free'),
    CONSTRAINT ck_allocations_state_known CHECK (state IN ('reserved','assigned','quarantined','free')),
    CONSTRAINT ck_allocations_quarantine_ends CHECK (state <> 'quarantined' OR until IS NOT NULL),
    CONSTRAINT fk_allocations_pool_id FOREIGN KEY(pool_id) REFERENCES pools (id)
);

CREATE INDEX ix_allocations_held ON allocations (until) WHERE state = 'reserved' AND until IS NOT NULL;

CREATE INDEX ix_allocations_history ON allocations USING gist (prefix inet_ops) WHERE state = 'free';

CREATE INDEX ix_allocations_until ON allocations (until) WHERE state = 'quarantined';

CREATE UNIQUE INDEX uq_allocations_owner ON allocations (owner, state, family(prefix)) WHERE state IN ('reserved', 'assigned');

CREATE TABLE vlan_tags (
    id UUID NOT NULL,
    olt TEXT NOT NULL,
    "outer" SMALLINT NOT NULL,
    "inner" SMALLINT NOT NULL,
    owner UUID NOT NULL,
    state TEXT NOT NULL,
    reserved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_vlan_tags PRIMARY KEY (id),
    CONSTRAINT fk_vlan_tags_olt_outer FOREIGN KEY(olt, "outer") REFERENCES vlan_groups (olt, "outer"),
    CONSTRAINT ck_vlan_tags_state_known CHECK (state IN ('reserved','assigned','quarantined','free')),
    CONSTRAINT ck_vlan_tags_quarantine_ends CHECK (state <> 'quarantined' OR until IS NOT NULL)
);

CREATE INDEX ix_vlan_tags_until ON vlan_tags (until) WHERE state = 'quarantined';

CREATE UNIQUE INDEX uq_vlan_tags_owner ON vlan_tags (owner, state) WHERE state IN ('reserved', 'assigned');

CREATE UNIQUE INDEX uq_vlan_tags_pair ON vlan_tags (olt, "outer", "inner") WHERE state <> 'free';

CREATE TABLE visits (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    service_id UUID NOT NULL,
    order_id UUID NOT NULL,
    delivery_id UUID NOT NULL,
    engineer_id UUID,
    during TSTZRANGE NOT NULL,
    state TEXT NOT NULL,
    address TEXT NOT NULL,
    instructions TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    result TEXT,
    CONSTRAINT pk_visits PRIMARY KEY (id),
    CONSTRAINT ck_visits_state_known CHECK (state IN ('booked', 'started', 'done', 'cancelled', 'missed')),
    CONSTRAINT ex_visits_engineer_during EXCLUDE USING gist (engineer_id WITH =, during WITH &&) WHERE (state IN ('booked', 'started')),
    CONSTRAINT uq_visits_code UNIQUE (code),
    CONSTRAINT fk_visits_engineer_id FOREIGN KEY(engineer_id) REFERENCES engineers (id)
);

CREATE INDEX ix_visits_during ON visits USING gist (during);

CREATE INDEX ix_visits_order_id ON visits (order_id);

CREATE INDEX ix_visits_service_id ON visits (service_id);

CREATE UNIQUE INDEX uq_visits_delivery_id_standing ON visits (delivery_id) WHERE state NOT IN ('cancelled', 'missed');

CREATE TABLE tickets (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    incident_id UUID,
    customer_id UUID,
    service_id UUID,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    assignee TEXT,
    opened_by TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_tickets PRIMARY KEY (id),
    CONSTRAINT ck_tickets_state_known CHECK (state IN ('acknowledged', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled')),
    CONSTRAINT ck_tickets_severity_known CHECK (severity IN ('critical', 'major', 'minor')),
    CONSTRAINT uq_tickets_code UNIQUE (code),
    CONSTRAINT uq_tickets_incident_id UNIQUE (incident_id),
    CONSTRAINT fk_tickets_incident_id FOREIGN KEY(incident_id) REFERENCES incidents (id)
);

CREATE INDEX ix_tickets_customer_id ON tickets (customer_id);

CREATE INDEX ix_tickets_service_id ON tickets (service_id);

CREATE INDEX ix_tickets_state ON tickets (state);

CREATE TABLE bulk_items (
    bulk_id UUID NOT NULL,
    number INTEGER NOT NULL,
    service_id UUID NOT NULL,
    service_code TEXT NOT NULL,
    customer_id UUID NOT NULL,
    premises_id UUID NOT NULL,
    olt TEXT,
    old_plan_code TEXT NOT NULL,
    old_plan_name TEXT NOT NULL,
    old_price NUMERIC(14, 4) NOT NULL,
    conflict TEXT,
    order_id UUID,
    delivery_id UUID,
    CONSTRAINT pk_bulk_items PRIMARY KEY (bulk_id, number),
    CONSTRAINT uq_bulk_items_bulk_id_service_id UNIQUE (bulk_id, service_id),
    CONSTRAINT ck_bulk_items_left_out_is_not_written CHECK (order_id IS NULL OR conflict IS NULL),
    CONSTRAINT fk_bulk_items_bulk_id FOREIGN KEY(bulk_id) REFERENCES bulk_changes (id)
);

CREATE INDEX ix_bulk_items_delivery_id ON bulk_items (delivery_id) WHERE delivery_id IS NOT NULL;

CREATE INDEX ix_bulk_items_unwritten ON bulk_items (bulk_id, number) WHERE order_id IS NULL AND conflict IS NULL;

CREATE TABLE adopted_onts (
    serial TEXT NOT NULL,
    olt_id UUID NOT NULL,
    pon_port TEXT NOT NULL,
    ont_id SMALLINT NOT NULL,
    enabled BOOLEAN NOT NULL,
    vlan SMALLINT,
    service_port INTEGER,
    down_kbps INTEGER,
    up_kbps INTEGER,
    description TEXT NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    noted_by TEXT NOT NULL,
    CONSTRAINT pk_adopted_onts PRIMARY KEY (serial),
    CONSTRAINT uq_adopted_onts_olt_id_pon_port_ont_id UNIQUE (olt_id, pon_port, ont_id),
    CONSTRAINT fk_adopted_onts_olt_id_pon_port FOREIGN KEY(olt_id, pon_port) REFERENCES pon_ports (olt_id, port),
    CONSTRAINT ck_adopted_onts_serial_normal CHECK (serial ~ '^[0-9A-F]{16}$'),
    CONSTRAINT fk_adopted_onts_olt_id FOREIGN KEY(olt_id) REFERENCES olts (id)
);

CREATE TABLE splitters (
    code TEXT NOT NULL,
    pon_port_id UUID NOT NULL,
    parent TEXT,
    parent_port SMALLINT,
    ratio SMALLINT NOT NULL,
    fibre_m INTEGER NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    closure TEXT,
    CONSTRAINT pk_splitters PRIMARY KEY (code),
    CONSTRAINT ck_splitters_parent_has_port CHECK ((parent IS NULL) = (parent_port IS NULL)),
    CONSTRAINT fk_splitters_pon_port_id FOREIGN KEY(pon_port_id) REFERENCES pon_ports (id),
    CONSTRAINT fk_splitters_parent FOREIGN KEY(parent) REFERENCES splitters (code),
    CONSTRAINT fk_splitters_closure FOREIGN KEY(closure) REFERENCES closures (code)
);

CREATE INDEX ix_splitters_closure ON splitters (closure);

CREATE INDEX ix_splitters_pon_port_id ON splitters (pon_port_id);

CREATE UNIQUE INDEX uq_splitters_parent_port ON splitters (parent, parent_port);

CREATE TABLE ticket_notes (
    id UUID NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    ticket_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    for_customer BOOLEAN NOT NULL,
    CONSTRAINT pk_ticket_notes PRIMARY KEY (id),
    CONSTRAINT fk_ticket_notes_ticket_id FOREIGN KEY(ticket_id) REFERENCES tickets (id)
);

CREATE INDEX ix_ticket_notes_ticket_id ON ticket_notes (ticket_id);

CREATE TABLE lines (
    service_id UUID NOT NULL,
    olt_id UUID NOT NULL,
    pon_port TEXT NOT NULL,
    ont_id SMALLINT NOT NULL,
    serial TEXT NOT NULL,
    vlan SMALLINT NOT NULL,
    service_port INTEGER NOT NULL,
    down_kbps INTEGER NOT NULL,
    up_kbps INTEGER NOT NULL,
    expected_rx_dbm DOUBLE PRECISION NOT NULL,
    measured_rx_dbm DOUBLE PRECISION,
    splitter_code TEXT,
    splitter_port SMALLINT,
    enabled BOOLEAN DEFAULT true NOT NULL,
    inner_vlan SMALLINT,
    user_vlan SMALLINT,
    ont_mode TEXT DEFAULT 'bridge' NOT NULL,
    ont_address TEXT,
    ont_gateway TEXT,
    built_at TIMESTAMP WITH TIME ZONE NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT pk_lines PRIMARY KEY (service_id),
    CONSTRAINT fk_lines_pon_port FOREIGN KEY(olt_id, pon_port) REFERENCES pon_ports (olt_id, port),
    CONSTRAINT uq_lines_serial UNIQUE (serial),
    CONSTRAINT uq_lines_ont_id UNIQUE (olt_id, pon_port, ont_id),
    CONSTRAINT ck_lines_serial_normal CHECK (serial ~ '^[0-9A-F]{16}$'),
    CONSTRAINT fk_lines_service_id FOREIGN KEY(service_id) REFERENCES services (id),
    CONSTRAINT fk_lines_olt_id FOREIGN KEY(olt_id) REFERENCES olts (id),
    CONSTRAINT fk_lines_splitter_code FOREIGN KEY(splitter_code) REFERENCES splitters (code)
);

CREATE UNIQUE INDEX uq_lines_splitter_port ON lines (splitter_code, splitter_port);

CREATE TABLE closure_passages (
    splitter_code TEXT NOT NULL,
    number SMALLINT NOT NULL,
    closure TEXT NOT NULL,
    loss_db DOUBLE PRECISION,
    CONSTRAINT pk_closure_passages PRIMARY KEY (splitter_code, number),
    CONSTRAINT fk_closure_passages_splitter_code FOREIGN KEY(splitter_code) REFERENCES splitters (code),
    CONSTRAINT fk_closure_passages_closure FOREIGN KEY(closure) REFERENCES closures (code)
);

CREATE INDEX ix_closure_passages_closure ON closure_passages (closure);
