package dev.notify.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Priority;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {

  private static final Kind RED = Kind.shared("red");
  private static final Kind BLUE = Kind.shared("blue");

  private final Jobs jobs = new Jobs();

  private Job job(Priority priority) {
    return jobs.of(priority);
  }

  private Job job() {
    return job(Priority.NORMAL);
  }

  @Test
  void whoeverWasLetGoOnAndHasToWaitAfterAllLetsAnotherKindHaveThePlace() {
    WaitingRoom room = new WaitingRoom(3, 2);
    Kind other = Kind.alone();
    room.enterOrWait(RED, job());
    room.enterOrWait(RED, job());
    room.enterOrWait(other, job());
    Job first = job();
    Job second = job();
    Job blue = job();
    room.enterOrWait(RED, first);
    room.enterOrWait(RED, second);
    room.enterOrWait(BLUE, blue);

    assertThat(room.leave(other)).as("two fill a call").isSameAs(first);
    room.withdraw(second.delivery().id());
    assertThat(room.enterOrWait(RED, first)).as("alone it has to wait again").isEmpty();

    assertThat(room.insteadOf(first)).as("the place is free").isSameAs(blue);
  }

  @Test
  void whoGoesAloneTakesTurnsWithTheKinds() {
    WaitingRoom room = new WaitingRoom(1, 10);
    room.enterOrWait(RED, job());
    Job red = job();
    Job one = job();
    Job another = job();
    Job blue = job();
    room.enterOrWait(RED, red);
    room.enterOrWait(Kind.alone(), one);
    room.enterOrWait(Kind.alone(), another);
    room.enterOrWait(BLUE, blue);

    assertThat(room.leave(RED)).isSameAs(red);
    assertThat(room.enterOrWait(RED, red)).containsExactly(red);
    assertThat(room.leave(RED)).isSameAs(one);
    assertThat(room.enterOrWait(Kind.alone(), one)).as("nobody comes along").containsExactly(one);
    assertThat(room.leave(Kind.alone())).isSameAs(another);
    assertThat(room.enterOrWait(Kind.alone(), another)).containsExactly(another);
    assertThat(room.leave(Kind.alone())).isSameAs(blue);
  }

  @Test
  void anUrgentOneDoesNotQueueBehindOthers() {
    WaitingRoom room = new WaitingRoom(1, 1);
    Kind first = Kind.alone();
    room.enterOrWait(first, job());
    for (int i = 0; i < 20; i++) {
      room.enterOrWait(Kind.alone(), job(Priority.LOW));
    }
    Job urgent = job(Priority.CRITICAL);
    room.enterOrWait(Kind.alone(), urgent);

    assertThat(room.leave(first)).isSameAs(urgent);
  }
}
