-- `door` holds what login roles may call; `door_private` holds what only doors call.

CREATE SCHEMA door;
CREATE SCHEMA door_private;
GRANT USAGE ON SCHEMA door TO kelmu_door, kelmu_web, kelmu_worker;
GRANT USAGE ON SCHEMA door_private TO kelmu_door;
