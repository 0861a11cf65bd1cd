-- The tables as first released; written by `isp db revise --first`.

CREATE FUNCTION search_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(translate(replace(replace(replace(
    regexp_replace(lower(normalize(said, NFKD)), U&'[\0300-\036F]', '', 'g'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'łøđðħıþ''’‘`´ʼ', 'loddhip'), '[[:punct:][:space:]]+', ' ', 'g'));

CREATE FUNCTION search_place(unit text, number text, street text, postcode text, city text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(array_remove(string_to_array(search_folded(coalesce(unit, '') || ' ' || number || ' ' || street
    || ' ' || postcode || ' ' || replace(postcode, ' ', '') || ' ' || city), ' '), ''));

CREATE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('isp_changes', TG_ARGV[0]);
    RETURN NULL;
END $$;

CREATE SEQUENCE visit_numbers;

CREATE SEQUENCE order_codes;

CREATE SEQUENCE customer_codes;

CREATE SEQUENCE service_codes;

CREATE SEQUENCE incident_numbers;

CREATE SEQUENCE ticket_numbers;

CREATE SEQUENCE bulk_codes;

CREATE SEQUENCE lead_codes;

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
    version INTEGER DEFAULT '1' NOT NULL,
    sale_from DATE,
    sale_until DATE,
    CONSTRAINT pk_plans PRIMARY KEY (id),
    CONSTRAINT ck_plans_rates_positive CHECK (down_kbps > 0 AND up_kbps > 0),
    CONSTRAINT ck_plans_price_not_negative CHECK (price >= 0),
    CONSTRAINT ck_plans_sale_in_order CHECK (sale_from <= sale_until),
    CONSTRAINT ck_plans_vlan_usable CHECK (vlan BETWEEN 2 AND 4094),
    CONSTRAINT ck_plans_address_policy_known CHECK (address_policy IN ('dynamic','static','block30','block29','block28','block27','block26','block25','block24')),
    CONSTRAINT ck_plans_ont_known CHECK (ont IN ('bridge','untagged','dhcp','static','pppoe')),
    CONSTRAINT ck_plans_ipv6_policy_known CHECK (ipv6_policy IN ('pd48','pd52','pd56','pd60','pd64')),
    CONSTRAINT uq_plans_code UNIQUE (code)
);

CREATE TRIGGER plans_tells AFTER INSERT OR UPDATE OR DELETE ON plans FOR EACH STATEMENT EXECUTE FUNCTION tell_change('plans');

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

CREATE TRIGGER holds_tells AFTER INSERT OR UPDATE OR DELETE ON holds FOR EACH STATEMENT EXECUTE FUNCTION tell_change('holds');

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
    partner TEXT,
    CONSTRAINT pk_orders PRIMARY KEY (id),
    CONSTRAINT ck_orders_state_known CHECK (state IN ('submitted','confirmed','in_progress','completed','cancelled','failed','rejected')),
    CONSTRAINT ck_orders_kind_known CHECK (kind IN ('new_line','plan_change','termination','suspension','resumption','ont_swap','relocation','address_change')),
    CONSTRAINT ck_orders_channel_known CHECK (channel IN ('portal','staff','crm','partner')),
    CONSTRAINT ck_orders_change_has_service CHECK (kind = 'new_line' OR service_id IS NOT NULL),
    CONSTRAINT ck_orders_closed_has_instant CHECK ((state IN ('confirmed','failed','in_progress','submitted')) = (closed_at IS NULL)),
    CONSTRAINT ck_orders_claimed_by_somebody CHECK (NOT claimed OR applicant IS NOT NULL),
    CONSTRAINT uq_orders_code UNIQUE (code)
);

CREATE INDEX ix_orders_completed ON orders (closed_at) WHERE state = 'completed';

CREATE INDEX ix_orders_customer_id ON orders (customer_id);

CREATE INDEX ix_orders_open_state ON orders (state, submitted_at) WHERE state IN ('confirmed','failed','in_progress','submitted');

CREATE INDEX ix_orders_partner ON orders (partner, submitted_at) WHERE partner IS NOT NULL;

CREATE INDEX ix_orders_premises_id ON orders (premises_id);

CREATE INDEX ix_orders_service_id ON orders (service_id);

CREATE INDEX ix_orders_submitted_at ON orders (submitted_at);

CREATE TRIGGER orders_tells AFTER INSERT OR UPDATE OR DELETE ON orders FOR EACH STATEMENT EXECUTE FUNCTION tell_change('orders');

CREATE UNIQUE INDEX uq_orders_open_change ON orders (service_id, kind) WHERE kind <> 'new_line' AND state IN ('confirmed','failed','in_progress','submitted');

CREATE UNIQUE INDEX uq_orders_open_new_line ON orders (premises_id) WHERE kind = 'new_line' AND state IN ('confirmed','failed','in_progress','submitted');

CREATE TABLE order_keys (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    asked BYTEA NOT NULL,
    order_id UUID,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_order_keys PRIMARY KEY (owner, key)
);

CREATE INDEX ix_order_keys_asked_at ON order_keys (asked_at);

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

CREATE INDEX ix_audit_trace ON audit ((detail->>'trace')) WHERE detail->>'trace' IS NOT NULL;

CREATE INDEX ix_audit_unsealed ON audit (at, id) WHERE seq IS NULL;

CREATE INDEX ix_audit_words ON audit USING gin ((actor || ' ' || subject_id || ' ' || action || ' ' || reason) gin_trgm_ops);

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
    language TEXT DEFAULT 'en' NOT NULL,
    CONSTRAINT pk_customers PRIMARY KEY (id),
    CONSTRAINT uq_customers_code UNIQUE (code)
);

CREATE INDEX ix_customers_email_begins ON customers (lower(email) text_pattern_ops);

CREATE INDEX ix_customers_phone_ends ON customers (reverse(regexp_replace(phone, '[^0-9]', '', 'g')) text_pattern_ops);

CREATE TRIGGER customers_tells AFTER INSERT OR UPDATE OR DELETE ON customers FOR EACH STATEMENT EXECUTE FUNCTION tell_change('customers');

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

CREATE INDEX ix_premises_words ON premises USING gin (search_place(unit, number, street, postcode, city));

CREATE UNIQUE INDEX uq_premises_splitter_port ON premises (splitter_code, splitter_port) WHERE splitter_port IS NOT NULL;

CREATE TABLE address_words (
    word TEXT NOT NULL,
    CONSTRAINT pk_address_words PRIMARY KEY (word)
);

CREATE INDEX ix_address_words_word ON address_words USING gist (word gist_trgm_ops);

CREATE TABLE device_accounts (
    name TEXT NOT NULL,
    username TEXT NOT NULL,
    password BYTEA NOT NULL,
    enable_password BYTEA,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by TEXT NOT NULL,
    CONSTRAINT pk_device_accounts PRIMARY KEY (name),
    CONSTRAINT ck_device_accounts_name_normal CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$')
);

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

CREATE TRIGGER services_tells AFTER INSERT OR UPDATE OR DELETE ON services FOR EACH STATEMENT EXECUTE FUNCTION tell_change('services');

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

CREATE TABLE own_roles (
    name TEXT NOT NULL,
    base TEXT NOT NULL,
    permissions TEXT[] NOT NULL,
    CONSTRAINT pk_own_roles PRIMARY KEY (name)
);

CREATE TABLE setting_overrides (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    set_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_setting_overrides PRIMARY KEY (name)
);

CREATE TRIGGER setting_overrides_tells AFTER INSERT OR UPDATE OR DELETE ON setting_overrides FOR EACH STATEMENT EXECUTE FUNCTION tell_change('settings');

CREATE TABLE setting_changes (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    before TEXT,
    after TEXT,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_setting_changes PRIMARY KEY (id)
);

CREATE INDEX ix_setting_changes_changed_at ON setting_changes (changed_at);

CREATE INDEX ix_setting_changes_name ON setting_changes (name, changed_at);

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

CREATE TRIGGER tasks_tells AFTER INSERT OR UPDATE OR DELETE ON tasks FOR EACH STATEMENT EXECUTE FUNCTION tell_change('tasks');

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

CREATE TRIGGER incidents_tells AFTER INSERT OR UPDATE OR DELETE ON incidents FOR EACH STATEMENT EXECUTE FUNCTION tell_change('incidents');

CREATE UNIQUE INDEX uq_incidents_open_delivery_id_step ON incidents (delivery_id, step) WHERE closed_at IS NULL;

CREATE TABLE light_looks (
    olt_id UUID NOT NULL,
    pon_port TEXT NOT NULL,
    hour INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    source TEXT NOT NULL,
    ont_ids SMALLINT[] NOT NULL,
    serials TEXT[] NOT NULL,
    ont_rx SMALLINT[] NOT NULL,
    olt_rx SMALLINT[] NOT NULL,
    CONSTRAINT pk_light_looks PRIMARY KEY (olt_id, pon_port, hour)
);

CREATE INDEX ix_light_looks_at ON light_looks USING brin (at);

CREATE TABLE ont_states (
    olt_id UUID NOT NULL,
    pon_port TEXT NOT NULL,
    ont_id SMALLINT NOT NULL,
    serial TEXT NOT NULL,
    state TEXT NOT NULL,
    whose TEXT NOT NULL,
    rx_dbm DOUBLE PRECISION,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ont_states PRIMARY KEY (olt_id, pon_port, ont_id)
);

CREATE TRIGGER ont_states_tells AFTER INSERT OR UPDATE OR DELETE ON ont_states FOR EACH STATEMENT EXECUTE FUNCTION tell_change('light');

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

CREATE TABLE identities (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    username TEXT NOT NULL,
    groups TEXT[] NOT NULL,
    present BOOLEAN NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    looked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_identities PRIMARY KEY (id),
    CONSTRAINT identity_once UNIQUE (source, subject)
);

CREATE INDEX ix_identities_user_id ON identities (user_id);

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

CREATE TRIGGER notifications_tells AFTER INSERT OR UPDATE OR DELETE ON notifications FOR EACH STATEMENT EXECUTE FUNCTION tell_change('notices');

CREATE TABLE message_wordings (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    number INTEGER NOT NULL,
    subject TEXT,
    body TEXT,
    written_by TEXT NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    failed_at TIMESTAMP WITH TIME ZONE,
    failure TEXT,
    CONSTRAINT pk_message_wordings PRIMARY KEY (id),
    CONSTRAINT uq_message_wordings_number UNIQUE (kind, language, number)
);

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

CREATE TRIGGER bulk_changes_tells AFTER INSERT OR UPDATE OR DELETE ON bulk_changes FOR EACH STATEMENT EXECUTE FUNCTION tell_change('bulk');

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

CREATE TRIGGER report_runs_tells AFTER INSERT OR UPDATE OR DELETE ON report_runs FOR EACH STATEMENT EXECUTE FUNCTION tell_change('reports');

CREATE TABLE customer_words (
    customer_id UUID NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    words TSVECTOR NOT NULL,
    CONSTRAINT pk_customer_words PRIMARY KEY (customer_id)
);

CREATE INDEX ix_customer_words_name ON customer_words (name);

CREATE INDEX ix_customer_words_words ON customer_words USING gin (words);

CREATE TABLE known_words (
    word TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_known_words PRIMARY KEY (word)
);

CREATE INDEX ix_known_words_alike ON known_words USING gin (word gin_trgm_ops);

CREATE TABLE terminals (
    id UUID NOT NULL,
    olt TEXT NOT NULL,
    profile TEXT NOT NULL,
    username TEXT NOT NULL,
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    address TEXT NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_why TEXT DEFAULT '' NOT NULL,
    letters INTEGER DEFAULT '0' NOT NULL,
    hold_id UUID,
    CONSTRAINT pk_terminals PRIMARY KEY (id),
    CONSTRAINT ck_terminals_profile_known CHECK (profile IN ('reading', 'full'))
);

CREATE INDEX ix_terminals_began_at ON terminals (began_at);

CREATE INDEX ix_terminals_open ON terminals (olt) WHERE ended_at IS NULL;

CREATE INDEX ix_terminals_username ON terminals (username);

CREATE TABLE plan_versions (
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    name TEXT NOT NULL,
    down_kbps INTEGER NOT NULL,
    up_kbps INTEGER NOT NULL,
    price NUMERIC(14, 4) NOT NULL,
    price_currency CHAR(3) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    number INTEGER,
    began_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_plan_versions PRIMARY KEY (id),
    CONSTRAINT uq_plan_versions_plan_id_number UNIQUE (plan_id, number),
    CONSTRAINT ck_plan_versions_counted_when_begun CHECK ((number IS NULL) = (began_at IS NULL)),
    CONSTRAINT fk_plan_versions_plan_id FOREIGN KEY(plan_id) REFERENCES plans (id)
);

CREATE TRIGGER plan_versions_tells AFTER INSERT OR UPDATE OR DELETE ON plan_versions FOR EACH STATEMENT EXECUTE FUNCTION tell_change('plans');

CREATE UNIQUE INDEX uq_plan_versions_ahead ON plan_versions (plan_id, valid_from) WHERE number IS NULL;

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

CREATE TRIGGER deliveries_tells AFTER UPDATE OF state ON deliveries FOR EACH ROW WHEN ((NEW.state IN ('failed', 'waiting')) <> (OLD.state IN ('failed', 'waiting')) OR (NEW.failure IS NULL) <> (OLD.failure IS NULL)) EXECUTE FUNCTION tell_change('attention');

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

CREATE INDEX ix_visits_delivery_id ON visits (delivery_id);

CREATE INDEX ix_visits_during ON visits USING gist (during);

CREATE INDEX ix_visits_order_id ON visits (order_id);

CREATE INDEX ix_visits_service_id ON visits (service_id);

CREATE INDEX ix_visits_starts ON visits (lower(during));

CREATE TRIGGER visits_tells AFTER INSERT OR UPDATE OR DELETE ON visits FOR EACH STATEMENT EXECUTE FUNCTION tell_change('visits');

CREATE UNIQUE INDEX uq_visits_delivery_id_standing ON visits (delivery_id) WHERE state NOT IN ('cancelled', 'missed');

CREATE TABLE customer_notes (
    id UUID NOT NULL,
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    customer_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    pinned BOOLEAN DEFAULT false NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_customer_notes PRIMARY KEY (id),
    CONSTRAINT fk_customer_notes_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id)
);

CREATE INDEX ix_customer_notes_customer_id ON customer_notes (customer_id);

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

CREATE TRIGGER drifts_tells AFTER INSERT OR UPDATE OR DELETE ON drifts FOR EACH STATEMENT EXECUTE FUNCTION tell_change('drift');

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
    partner TEXT,
    role_from TEXT,
    withdrawn BOOLEAN DEFAULT false NOT NULL,
    own_role TEXT,
    language TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_username_normal CHECK (username = lower(username) AND username <> ''),
    CONSTRAINT ck_users_customer_has_customer CHECK ((role = 'customer') = (customer_id IS NOT NULL)),
    CONSTRAINT ck_users_partner_has_partner CHECK ((role = 'partner') = (partner IS NOT NULL)),
    CONSTRAINT ck_users_withdrawn_is_closed CHECK (NOT (active AND withdrawn)),
    CONSTRAINT ck_users_own_role_is_staffs CHECK (own_role IS NULL OR role <> 'customer'),
    CONSTRAINT uq_users_username UNIQUE (username),
    CONSTRAINT fk_users_own_role FOREIGN KEY(own_role) REFERENCES own_roles (name)
);

CREATE INDEX ix_users_customer_id ON users (customer_id);

CREATE INDEX ix_users_email ON users (lower(email));

CREATE INDEX ix_users_own_role ON users (own_role);

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
    due_at TIMESTAMP WITH TIME ZONE,
    paused_at TIMESTAMP WITH TIME ZONE,
    escalated_at TIMESTAMP WITH TIME ZONE,
    merged_into UUID,
    merged_at TIMESTAMP WITH TIME ZONE,
    due_before TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_tickets PRIMARY KEY (id),
    CONSTRAINT ck_tickets_state_known CHECK (state IN ('acknowledged', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled', 'duplicate')),
    CONSTRAINT ck_tickets_severity_known CHECK (severity IN ('critical', 'major', 'minor')),
    CONSTRAINT ck_tickets_merged_into_another CHECK ((state = 'duplicate') = (merged_into IS NOT NULL)),
    CONSTRAINT ck_tickets_not_into_itself CHECK (merged_into <> id),
    CONSTRAINT ck_tickets_paused_while_pending CHECK (paused_at IS NULL OR state = 'pending'),
    CONSTRAINT uq_tickets_code UNIQUE (code),
    CONSTRAINT uq_tickets_incident_id UNIQUE (incident_id),
    CONSTRAINT fk_tickets_incident_id FOREIGN KEY(incident_id) REFERENCES incidents (id),
    CONSTRAINT fk_tickets_merged_into FOREIGN KEY(merged_into) REFERENCES tickets (id)
);

CREATE INDEX ix_tickets_customer_id ON tickets (customer_id);

CREATE INDEX ix_tickets_due ON tickets (due_at) WHERE escalated_at IS NULL AND resolved_at IS NULL;

CREATE INDEX ix_tickets_merged_into ON tickets (merged_into);

CREATE INDEX ix_tickets_service_id ON tickets (service_id);

CREATE INDEX ix_tickets_state ON tickets (state);

CREATE TRIGGER tickets_tells AFTER INSERT OR UPDATE OR DELETE ON tickets FOR EACH STATEMENT EXECUTE FUNCTION tell_change('tickets');

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

CREATE TABLE customer_documents (
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BYTEA NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    added_by TEXT NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    removed_by TEXT,
    reason TEXT,
    CONSTRAINT pk_customer_documents PRIMARY KEY (id),
    CONSTRAINT ck_customer_documents_kind_known CHECK (kind IN ('contract','identity','letter','other')),
    CONSTRAINT ck_customer_documents_removed_by_somebody CHECK ((removed_at IS NULL) = (removed_by IS NULL)),
    CONSTRAINT fk_customer_documents_customer_id FOREIGN KEY(customer_id) REFERENCES customers (id)
);

CREATE INDEX ix_customer_documents_customer_id ON customer_documents (customer_id);

CREATE TABLE leads (
    id UUID NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    premises_id UUID,
    address TEXT NOT NULL,
    wish TEXT NOT NULL,
    plan_code TEXT,
    owner TEXT,
    next_step TEXT NOT NULL,
    next_on DATE,
    consent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    consent_how TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    keep_until DATE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    order_id UUID,
    told_at TIMESTAMP WITH TIME ZONE,
    reminded_on DATE,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_leads PRIMARY KEY (id),
    CONSTRAINT ck_leads_state_known CHECK (state IN ('open','ordered','lost')),
    CONSTRAINT ck_leads_source_known CHECK (source IN ('portal','call','shop','partner','event','other')),
    CONSTRAINT ck_leads_closed_has_instant CHECK ((state = 'open') = (closed_at IS NULL)),
    CONSTRAINT ck_leads_ordered_has_order CHECK ((state = 'ordered') = (order_id IS NOT NULL)),
    CONSTRAINT ck_leads_lost_has_reason CHECK (state <> 'lost' OR reason IS NOT NULL),
    CONSTRAINT uq_leads_code UNIQUE (code),
    CONSTRAINT fk_leads_premises_id FOREIGN KEY(premises_id) REFERENCES premises (id)
);

CREATE INDEX ix_leads_created_at ON leads (created_at);

CREATE INDEX ix_leads_keep ON leads (keep_until) WHERE erased_at IS NULL AND order_id IS NULL;

CREATE INDEX ix_leads_next ON leads (next_on) WHERE state = 'open';

CREATE INDEX ix_leads_premises_id ON leads (premises_id);

CREATE INDEX ix_leads_waits ON leads (premises_id) WHERE state = 'open' AND told_at IS NULL;

CREATE TRIGGER leads_tells AFTER INSERT OR UPDATE OR DELETE ON leads FOR EACH STATEMENT EXECUTE FUNCTION tell_change('leads');

CREATE TABLE terminal_pieces (
    terminal_id UUID NOT NULL,
    number INTEGER NOT NULL,
    events TEXT NOT NULL,
    CONSTRAINT pk_terminal_pieces PRIMARY KEY (terminal_id, number),
    CONSTRAINT fk_terminal_pieces_terminal_id FOREIGN KEY(terminal_id) REFERENCES terminals (id) ON DELETE CASCADE
);

CREATE TABLE visit_entries (
    id UUID NOT NULL,
    visit_id UUID NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    level_dbm DOUBLE PRECISION,
    by TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_visit_entries PRIMARY KEY (id),
    CONSTRAINT ck_visit_entries_kind_known CHECK (kind IN ('note', 'light', 'photo', 'signature', 'activation', 'cannot_do')),
    CONSTRAINT fk_visit_entries_visit_id FOREIGN KEY(visit_id) REFERENCES visits (id)
);

CREATE INDEX ix_visit_entries_visit_id ON visit_entries (visit_id);

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

CREATE TABLE second_factors (
    user_id UUID NOT NULL,
    seed BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    last_step BIGINT NOT NULL,
    CONSTRAINT pk_second_factors PRIMARY KEY (user_id),
    CONSTRAINT fk_second_factors_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE TABLE recovery_codes (
    user_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (user_id, hash),
    CONSTRAINT fk_recovery_codes_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

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

CREATE TRIGGER ticket_notes_tells AFTER INSERT OR UPDATE OR DELETE ON ticket_notes FOR EACH STATEMENT EXECUTE FUNCTION tell_change('tickets');

CREATE TABLE saved_views (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    list_name TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    shared BOOLEAN NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_saved_views PRIMARY KEY (id),
    CONSTRAINT uq_saved_views_user_id_list_name_name UNIQUE (user_id, list_name, name),
    CONSTRAINT fk_saved_views_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_saved_views_shared ON saved_views (list_name) WHERE shared;

CREATE TABLE api_tokens (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    told BYTEA NOT NULL,
    shown TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    used_at TIMESTAMP WITH TIME ZONE,
    used_from TEXT,
    CONSTRAINT pk_api_tokens PRIMARY KEY (id),
    CONSTRAINT ck_api_tokens_told_is_a_hash CHECK (octet_length(told) = 32),
    CONSTRAINT ck_api_tokens_expires_after_it_begins CHECK (expires_at > created_at),
    CONSTRAINT ck_api_tokens_use_has_place CHECK ((used_at IS NULL) = (used_from IS NULL)),
    CONSTRAINT fk_api_tokens_user_id FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT uq_api_tokens_told UNIQUE (told)
);

CREATE INDEX ix_api_tokens_user_id ON api_tokens (user_id);

CREATE TABLE customer_files (
    document_id UUID NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_customer_files PRIMARY KEY (document_id),
    CONSTRAINT fk_customer_files_document_id FOREIGN KEY(document_id) REFERENCES customer_documents (id) ON DELETE CASCADE
);

CREATE TABLE visit_files (
    entry_id UUID NOT NULL,
    media_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    CONSTRAINT pk_visit_files PRIMARY KEY (entry_id),
    CONSTRAINT fk_visit_files_entry_id FOREIGN KEY(entry_id) REFERENCES visit_entries (id) ON DELETE CASCADE
);

CREATE TABLE visit_keys (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    asked BYTEA NOT NULL,
    entry_id UUID,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_visit_keys PRIMARY KEY (owner, key),
    CONSTRAINT fk_visit_keys_entry_id FOREIGN KEY(entry_id) REFERENCES visit_entries (id) ON DELETE SET NULL
);

CREATE INDEX ix_visit_keys_asked_at ON visit_keys (asked_at);

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

CREATE INDEX ix_lines_serial_number ON lines (right(serial, 8) text_pattern_ops);

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

CREATE FUNCTION search_heard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    wanted uuid[];
BEGIN
    IF TG_TABLE_NAME = 'premises' THEN
        INSERT INTO known_words SELECT DISTINCT word FROM fresh, unnest(tsvector_to_array(search_place(unit, number, street, postcode, city))) AS word
    WHERE length(word) > 2 AND word !~ '[0-9]' ORDER BY word ON CONFLICT DO NOTHING;
        SELECT array_agg(DISTINCT customer_id) INTO wanted FROM (
            SELECT s.customer_id FROM fresh JOIN services s ON s.premises_id = fresh.id
            UNION ALL SELECT o.customer_id FROM fresh JOIN orders o ON o.premises_id = fresh.id) AS there;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM customer_words WHERE customer_id = OLD.id;
    ELSIF TG_OP = 'INSERT' AND TG_ARGV[0] = 'id' THEN
        SELECT array_agg(id) INTO wanted FROM fresh;
    ELSIF TG_TABLE_NAME = 'services' AND TG_OP = 'INSERT' THEN  -- the order for it has told the place already
        SELECT array_agg(DISTINCT f.customer_id) INTO wanted FROM fresh f WHERE NOT EXISTS (
            SELECT FROM orders o
            WHERE o.customer_id = f.customer_id AND o.premises_id = f.premises_id AND NOT o.claimed);
    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT customer_id) INTO wanted FROM fresh;
    ELSIF TG_ARGV[0] = 'id' THEN
        wanted := ARRAY[NEW.id];
    ELSE
        wanted := ARRAY[OLD.customer_id, NEW.customer_id];
    END IF;
    IF wanted IS NOT NULL THEN PERFORM search_noted(wanted); END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION search_noted(wanted uuid[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    WITH said AS (
        SELECT c.id, search_folded(c.name) AS name, array_remove(string_to_array(concat_ws(' ', search_folded(c.name),
                CASE WHEN c.name ~ '[''’-]' THEN
                    search_folded(translate(c.name, '''’-', '   ')) || ' ' || search_folded(replace(c.name, '-', ''))
                END,
                (SELECT search_folded(string_agg(concat_ws(' ', p.unit, p.number, p.street, p.postcode,
                                                           replace(p.postcode, ' ', ''), p.city), ' '))
                 FROM premises p WHERE p.id IN (
                    SELECT s.premises_id FROM services s WHERE s.customer_id = c.id
                    UNION ALL SELECT o.premises_id FROM orders o WHERE o.customer_id = c.id AND NOT o.claimed))
            ), ' '), '') AS words
        FROM customers c WHERE c.id = ANY (wanted)
    ), written AS (
        INSERT INTO customer_words AS known SELECT id, name, array_to_tsvector(words) FROM said ORDER BY id
        ON CONFLICT (customer_id) DO UPDATE SET name = EXCLUDED.name, words = EXCLUDED.words
        WHERE (known.name, known.words) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.words)
    )
    INSERT INTO known_words SELECT DISTINCT word FROM said, unnest(words) AS word
    WHERE length(word) > 2 AND word !~ '[0-9]' ORDER BY word ON CONFLICT DO NOTHING;
END $$;

CREATE INDEX ix_closure_passages_closure ON closure_passages (closure);

CREATE TRIGGER customers_delete_for_search AFTER DELETE ON customers FOR EACH ROW EXECUTE FUNCTION search_heard('id');

CREATE TRIGGER customers_insert_for_search AFTER INSERT ON customers REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_heard('id');

CREATE TRIGGER customers_update_for_search AFTER UPDATE ON customers FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION search_heard('id');

CREATE TRIGGER orders_insert_for_search AFTER INSERT ON orders REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_heard('customer_id');

CREATE TRIGGER orders_update_for_search AFTER UPDATE ON orders FOR EACH ROW WHEN (OLD.customer_id IS DISTINCT FROM NEW.customer_id OR OLD.premises_id IS DISTINCT FROM NEW.premises_id OR OLD.claimed IS DISTINCT FROM NEW.claimed) EXECUTE FUNCTION search_heard('customer_id');

CREATE TRIGGER premises_insert_for_search AFTER INSERT ON premises REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_heard('');

CREATE TRIGGER premises_update_for_search AFTER UPDATE ON premises REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_heard('');

CREATE TRIGGER services_insert_for_search AFTER INSERT ON services REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_heard('customer_id');

CREATE TRIGGER services_update_for_search AFTER UPDATE ON services FOR EACH ROW WHEN (OLD.customer_id IS DISTINCT FROM NEW.customer_id OR OLD.premises_id IS DISTINCT FROM NEW.premises_id) EXECUTE FUNCTION search_heard('customer_id');
