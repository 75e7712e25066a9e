/// The configuration file of encryption at rest, by its kind today and before 1.13.
let encryptionKinds = ["EncryptionConfiguration", "EncryptionConfig"]
