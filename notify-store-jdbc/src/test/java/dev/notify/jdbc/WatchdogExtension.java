package dev.notify.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Looks at every database that a test was given, once the test has closed what it opened. */
public final class WatchdogExtension implements AfterEachCallback {

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (DataSource source : Databases.givenOut()) {
      if (context.getExecutionException().isEmpty()) {
        Watchdog.assertNothingIsStuck(source);
      }
    }
  }
}
