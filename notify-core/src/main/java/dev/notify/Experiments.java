package dev.notify;

import dev.notify.experiment.Judge;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Experiment;
import dev.notify.model.ExperimentResults;
import dev.notify.model.ExperimentRun;
import dev.notify.model.RefusedException;
import dev.notify.model.Variant;
import dev.notify.spi.ExperimentStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Experiments: which variant of a notification does better? Works on those of every node on the
 * same store; the others know of a change within the time for which their store caches, 10 seconds
 * unless set. Made by {@link NotificationDispatcher#experiments}; thread-safe.
 *
 * @since 0.1
 */
public final class Experiments {

  private static final int MOST_TRIES = 100;

  private final Wiring wiring;
  private final ExperimentStore store;

  Experiments(Wiring wiring, ExperimentStore store) {
    this.wiring = wiring;
    this.store = store;
  }

  /**
   * Declares an experiment, which begins at once. Does nothing if it is there already, so that
   * every process may declare it when it starts.
   *
   * @return the experiment as it stands
   * @throws ConfigurationException if there is another one of this name, or a variant has a
   *     template that there is not, or a channel without a provider
   */
  public ExperimentRun create(Experiment experiment) {
    experiment.variants().forEach(this::check);
    // Every process declares it when it starts, and need not wait for the log for that.
    ExperimentRun kept = store.find(experiment.name()).orElseGet(() -> added(experiment));
    if (!kept.experiment().equals(experiment)) {
      throw new ConfigurationException(
          "experiment: '"
              + experiment.name()
              + "' was declared with other properties; give it another name, or change its weights"
              + " with reweigh");
    }
    return kept;
  }

  private ExperimentRun added(Experiment experiment) {
    ExperimentRun begun = ExperimentRun.begin(experiment, wiring.now());
    return wiring
        .audit()
        .together(
            () -> {
              ExperimentRun there = store.add(begun);
              if (there.equals(begun)) {
                note("experiment.created", there);
              }
              return there;
            });
  }

  private void note(String kind, ExperimentRun run) {
    wiring
        .audit()
        .note(
            kind,
            "experiment:" + run.experiment().name(),
            Map.of("shares", new TreeMap<>(run.allocation()).toString()));
  }

  private void check(Variant variant) {
    List<Channel> own = variant.routing().map(routing -> routing.channels()).orElse(List.of());
    for (Channel channel : own) {
      if (wiring.parts().chains().of(channel).isEmpty()) {
        throw new ConfigurationException(
            "variant '" + variant.name() + "': no provider for '" + channel + "'");
      }
    }
    if (variant.template().isPresent()) {
      requireTemplate(variant, own.isEmpty() ? wiring.parts().chains().channels() : own);
    }
  }

  /** It need not be there for every channel that has a provider. */
  private void requireTemplate(Variant variant, Collection<Channel> channels) {
    String template = variant.template().orElseThrow();
    Optional<RuntimeException> fault = Optional.empty();
    for (Channel channel : channels) {
      try {
        var unused =
            wiring
                .parts()
                .templates()
                .requiredVariables(template, channel, wiring.parts().people().defaultLocale());
        return;
      } catch (dev.notify.model.TemplateException e) {
        fault = Optional.of(e);
      }
    }
    throw new ConfigurationException(
        "variant '"
            + variant.name()
            + "': template '"
            + template
            + "' cannot be used: "
            + fault.map(Throwable::getMessage).orElse("there is no channel"));
  }

  /** An experiment as it stands. */
  public Optional<ExperimentRun> find(String name) {
    return store.find(name);
  }

  /** All experiments, by name. */
  public List<ExperimentRun> list() {
    return store.list();
  }

  /**
   * What an experiment has shown so far for its goal.
   *
   * @throws ConfigurationException if there is no such experiment
   */
  public ExperimentResults results(String name) {
    return results(name, existing(name).experiment().goal());
  }

  /** As {@link #results(String)}, for another goal: {@code unsubscribed}, to see what it costs. */
  public ExperimentResults results(String name, String goal) {
    ExperimentRun run = existing(name);
    return Judge.results(run, goal, store.counts(name, goal));
  }

  /**
   * Gives nobody a variant any more. Who had it moves to the others in proportion to their weights,
   * and nobody else moves. What was counted stays.
   *
   * @throws ConfigurationException if there is no such experiment or variant, or it is the last
   */
  public ExperimentRun stopVariant(String name, String variant) {
    return change(
        name,
        "experiment.variant-stopped",
        run -> {
          requireVariant(run, variant);
          ExperimentRun next = run.without(variant, wiring.now());
          if (next.allocation().values().stream().allMatch(share -> share == 0)) {
            throw new ConfigurationException(
                "variant '" + variant + "' is the last of '" + name + "'; conclude it instead");
          }
          return next;
        });
  }

  /**
   * Changes the weights. As few people move as can: only to variants whose share grows, or away
   * from those whose share shrinks. Who was exposed stays counted where they were first.
   *
   * @param weights by variant; they add up to 1 or to 100. Who is left out gets no more people
   * @throws ConfigurationException if they do not, or there is no such experiment or variant
   */
  public ExperimentRun reweigh(String name, Map<String, Double> weights) {
    Map<String, Double> shares = Experiment.shares(weights);
    return change(
        name,
        "experiment.reweighed",
        run -> {
          if (run.experiment().bandit().isPresent()) {
            throw new ConfigurationException(
                "weights: those of '" + name + "' follow its results; stop a variant instead");
          }
          shares.forEach(
              (variant, share) -> {
                requireVariant(run, variant);
                if (share > 0 && run.stopped().contains(variant)) {
                  throw new ConfigurationException("variant '" + variant + "' is stopped");
                }
              });
          return run.allocated(new HashMap<>(shares), wiring.now());
        });
  }

  /** Ends an experiment: from now on everybody gets this variant, and nobody is counted. */
  public ExperimentRun conclude(String name, String winner) {
    return change(
        name,
        "experiment.concluded",
        run -> {
          requireVariant(run, winner);
          return run.concluded(Optional.of(winner));
        });
  }

  /** Ends an experiment: from now on notifications go out as they are, and nobody is counted. */
  public ExperimentRun conclude(String name) {
    return change(name, "experiment.concluded", run -> run.concluded(Optional.empty()));
  }

  private static void requireVariant(ExperimentRun run, String variant) {
    if (run.experiment().variant(variant).isEmpty()) {
      throw new ConfigurationException(
          "variant '"
              + variant
              + "': experiment '"
              + run.experiment().name()
              + "' has "
              + run.experiment().weights().keySet());
    }
  }

  private ExperimentRun existing(String name) {
    return store.find(name).orElseThrow(() -> unknown(name));
  }

  private static ConfigurationException unknown(String name) {
    return new ConfigurationException("experiment: there is none called '" + name + "'");
  }

  private ExperimentRun change(String name, String kind, UnaryOperator<ExperimentRun> how) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      // The one that is kept, and not one that is remembered.
      ExperimentRun present =
          store.list().stream()
              .filter(run -> run.experiment().name().equals(name))
              .findFirst()
              .orElseThrow(() -> unknown(name));
      if (!present.isRunning()) {
        throw new ConfigurationException("experiment: '" + name + "' is concluded");
      }
      ExperimentRun next = how.apply(present);
      Optional<ExperimentRun> changed =
          wiring
              .audit()
              .together(
                  () -> {
                    Optional<ExperimentRun> replaced = store.replace(next);
                    replaced.ifPresent(one -> note(kind, one));
                    return replaced;
                  });
      if (changed.isPresent()) {
        return changed.get();
      }
    }
    throw new RefusedException(
        RefusedException.Why.STORE_UNAVAILABLE, "experiment '" + name + "' changes all the time");
  }
}
