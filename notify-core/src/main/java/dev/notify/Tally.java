package dev.notify;

import dev.notify.model.Broadcast;
import dev.notify.model.Broadcast.Baseline;
import dev.notify.model.BroadcastOptions.Limits;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.Reason;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What has become of a broadcast's deliveries, added up; and whether that passes a limit. */
record Tally(long ended, long attempted, long failed, long bounced, long optedOut) {

  static Tally of(Broadcast broadcast, Map<Type, Long> counts) {
    long unsent =
        sum(counts, Type.DEAD) + sum(counts, Type.SUPPRESSED, Type.CANCELLED, Type.EXPIRED);
    long unreachable = broadcast.expansion().failed();
    return new Tally(
        sum(counts, Type.SENT) + unsent,
        sum(counts, Type.SENT, Type.DEAD) + unreachable,
        sum(counts, Type.DEAD, Type.UNDELIVERED) + unreachable,
        sum(counts, Type.BOUNCED),
        sum(counts, Type.UNSUBSCRIBED, Type.COMPLAINED));
  }

  private static long sum(Map<Type, Long> counts, Type... types) {
    long sum = 0;
    for (Type type : types) {
      sum += counts.getOrDefault(type, 0L);
    }
    return sum;
  }

  /** What comes from now on is judged anew. */
  Baseline asBaseline(Instant now) {
    return new Baseline(now, ended, attempted, failed, bounced, optedOut);
  }

  /** Why the broadcast must stop by itself, if it must. */
  Optional<Reason> limitPassed(Broadcast broadcast) {
    Limits limits = broadcast.options().limits();
    Baseline base = broadcast.baseline();
    long of = attempted - base.attempted();
    if (of < fewest(broadcast)) {
      return Optional.empty();
    }
    return judged("failed", failed - base.failed(), of, limits.failed())
        .or(() -> judged("bounced", bounced - base.bounced(), of, limits.bounced()))
        .or(() -> judged("opted out", optedOut - base.optedOut(), of, limits.optedOut()));
  }

  private static long fewest(Broadcast broadcast) {
    int from = broadcast.options().limits().from();
    boolean isCanary = broadcast.state() == Broadcast.State.CANARY;
    return isCanary ? Math.max(1, Math.min(from, broadcast.options().canary() / 2)) : from;
  }

  private static Optional<Reason> judged(String what, long count, long of, double limit) {
    if (count <= limit * of) {
      return Optional.empty();
    }
    String detail =
        String.format(Locale.ROOT, "%d of %d %s, the limit is %s %%", count, of, what, limit * 100);
    return Optional.of(new Reason(Reason.LIMIT_PASSED, detail));
  }
}
