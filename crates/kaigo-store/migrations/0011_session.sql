-- A form that comes after its session has run out is told by the token that it carries.
CREATE INDEX session_csrf ON session (csrf);
