/** Identities of age that are used in tests, and the recipients that belong to them. */
export const IDENTITY = 'AGE-SECRET-KEY-140GGM2H234NASW3Y8R5KFEHVNPREPVKEQ9J5LM9RW0WJ9JJUAXESNQX2AV';
export const RECIPIENT = 'age1lem60m02urtv27cd3hgmvr47hd983mefad7pwn59jlhsd44ul5psz6syw3';
export const OTHER_IDENTITY = 'AGE-SECRET-KEY-1YX00LZNELVGXFUASLR5R6JLSRJ55GVW56ZCUW306S0VPZ7LFQ59QTWRWGY';
export const OTHER_RECIPIENT = 'age1cxmn75nfk8pej64r6kxvvc0qealk0srf5nfz6arxj2ec7eflhfqs4qyqsq';
