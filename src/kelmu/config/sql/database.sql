-- Run once in each Kelmu database by a database administrator, before the first migration.
-- The database belongs to kelmu_owner. Safe to run again.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kelmu_owner, kelmu_web, kelmu_worker;
GRANT CREATE ON SCHEMA public TO kelmu_owner;

-- Whatever is created later starts closed.
ALTER DEFAULT PRIVILEGES FOR ROLE kelmu_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE kelmu_owner REVOKE ALL ON TYPES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE kelmu_door REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE kelmu_door REVOKE ALL ON TYPES FROM PUBLIC;
