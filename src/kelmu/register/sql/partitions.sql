-- Payments by year of the payment day. Years outside fall into the default partition. Each one costs every inquiry a
-- little, so there are none far ahead; docs/guide/loading-a-feed.md tells how one is added.
DO $partitions$
BEGIN
    FOR first_year IN 2016..2031 LOOP
        EXECUTE pg_catalog.format(
            'CREATE TABLE register.payment_%s PARTITION OF register.payment FOR VALUES FROM (%L) TO (%L)',
            first_year, pg_catalog.make_date(first_year, 1, 1), pg_catalog.make_date(first_year + 1, 1, 1));
    END LOOP;
END
$partitions$;
CREATE TABLE register.payment_other PARTITION OF register.payment DEFAULT;
