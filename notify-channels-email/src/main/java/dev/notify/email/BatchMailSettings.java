package dev.notify.email;

import dev.notify.model.ConfigurationException;

/**
 * What the builders of all vendors that take several mails in one request have in common. Not
 * thread-safe.
 *
 * @param <B> the vendor's own builder
 */
abstract class BatchMailSettings<B> extends MailSettings<B> {

  private static final int USUAL = 50;

  private final int mostAtOnce;
  private int batchSize = USUAL;

  BatchMailSettings(String name, int mostAtOnce) {
    super(name);
    this.mostAtOnce = mostAtOnce;
  }

  /**
   * Sets how many mails one request may carry, up to the vendor's limit; 50 by default, 1 for a
   * request each. What a crash can repeat grows with it.
   */
  public B batchSize(int value) {
    if (value < 1 || value > mostAtOnce) {
      throw new ConfigurationException("batchSize: must be from 1 to " + mostAtOnce);
    }
    batchSize = value;
    return settings.builder();
  }

  int batchSize() {
    return batchSize;
  }
}
