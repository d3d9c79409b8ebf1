package dev.notify.jdbc;

class H2LimitsContractTest extends LimitsContract {
  H2LimitsContractTest() {
    super(Databases.H2);
  }
}
