package dev.notify.jdbc;

class PostgresLimitsContractTest extends LimitsContract {
  PostgresLimitsContractTest() {
    super(Databases.POSTGRESQL);
  }
}
