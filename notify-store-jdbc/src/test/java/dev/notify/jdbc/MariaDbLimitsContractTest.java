package dev.notify.jdbc;

class MariaDbLimitsContractTest extends LimitsContract {
  MariaDbLimitsContractTest() {
    super(Databases.MARIADB);
  }
}
