-- Odoo's own neutralization archives all servers and puts a dummy in their place. What waits to be sent may name one of
-- the archived ones, which an earlier Odoo 16.0 still sends through.
UPDATE mail_message
   SET mail_server_id = NULL
 WHERE id IN (
       SELECT mail_message_id
         FROM mail_mail
        WHERE state IN ('outgoing', 'exception')
);

-- A mailbox that is no longer confirmed is fetched by nothing, not even by "Fetch Now".
UPDATE fetchmail_server
   SET state = 'draft';
