package dev.notify.jdbc;

/**
 * Has a {@link JdbcStore} encrypt what notifications say and where they go, with AES-256-GCM:
 * {@code JdbcStore.builder(dataSource).encryption(Encryption.with(keys))}.
 *
 * <p>Encrypted are content, variables, addresses and everything else that was asked for. In the
 * clear stay what the store must search by: ids, the recipient's id, channel, priority, times,
 * status, provider and the provider's id of the message; of people their language and zone, on
 * which channels they have an address, the topics they follow, and attributes that are named {@link
 * JdbcStoreBuilder#searchable searchable}. What was stored before stays readable. Immutable.
 *
 * @since 0.1
 */
public final class Encryption {

  private final EncryptionKeys keys;
  private final boolean keyPerPerson;

  private Encryption(EncryptionKeys keys, boolean keyPerPerson) {
    this.keys = keys;
    this.keyPerPerson = keyPerPerson;
  }

  /** Encrypts with these keys. */
  public static Encryption with(EncryptionKeys keys) {
    return new Encryption(keys, false);
  }

  /**
   * Encrypts each person's notifications with a key of their own, which stands in the database,
   * itself encrypted with one of the keys given. Forgetting the person destroys it, and what older
   * backups hold of their notifications cannot be read any more, unless the backup of the key is
   * used with it: keep the backups of table {@code notify_person} apart, and for a shorter time.
   *
   * <p>The first notification of a person costs a transaction more.
   */
  public Encryption withKeyPerPerson() {
    return new Encryption(keys, true);
  }

  EncryptionKeys keys() {
    return keys;
  }

  boolean isPerPerson() {
    return keyPerPerson;
  }

  @Override
  public String toString() {
    return "Encryption[" + keys + (keyPerPerson ? ", key per person]" : "]");
  }
}
