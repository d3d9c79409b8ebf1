package dev.notify.examples.server;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Experiment;
import dev.notify.model.ExperimentResults;
import dev.notify.model.ExperimentResults.Arm;
import dev.notify.model.ExperimentResults.Comparison;
import dev.notify.model.ExperimentResults.Interval;
import dev.notify.model.ExperimentRun;
import dev.notify.model.Routing;
import dev.notify.model.Variant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which of several forms does better. */
final class ExperimentRoutes {

  private static final String ROOT = "/api/v1/experiments";

  private final NotificationDispatcher dispatcher;

  ExperimentRoutes(NotificationDispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  List<Route> all() {
    return List.of(
        Route.of("GET", ROOT, Route.SEEING, this::list),
        Route.of("POST", ROOT, Route.RULING, this::create),
        Route.of("GET", ROOT + "/{name}", Route.SEEING, this::results));
  }

  private void list(Call call) {
    call.answer(
        Map.of(
            "experiments",
            dispatcher.experiments().list().stream().map(ExperimentRoutes::shown).toList()));
  }

  private void create(Call call) {
    Experiment wanted =
        call.body(
            json -> {
              try {
                return read(json);
              } catch (ConfigurationException e) {
                throw Problem.field("experiment", String.valueOf(e.getMessage()));
              }
            });
    boolean isNew = dispatcher.experiments().find(wanted.name()).isEmpty();
    ExperimentRun run = dispatcher.experiments().create(wanted);
    call.context().header("Location", ROOT + "/" + wanted.name());
    call.answer(isNew ? 201 : 200, shown(run));
  }

  private static Experiment read(Json json) {
    Experiment.Builder made = Experiment.named(json.requiredText("name"));
    json.objects("variants", Experiment.MOST_VARIANTS, ExperimentRoutes::readVariant)
        .forEach(made::variant);
    json.text("goal").ifPresent(made::goal);
    json.number("holdout").ifPresent(made::holdout);
    json.number("confidence").ifPresent(made::confidence);
    json.wholeNumber("expectedPeople").ifPresent(made::expectedPeople);
    return made.build();
  }

  private static Variant readVariant(Json json) {
    Variant variant =
        Variant.of(
            json.requiredText("name"),
            json.number("weight").orElseThrow(() -> json.missing("weight")));
    if (json.has("templateName")) {
      variant = variant.template(json.requiredText("templateName"));
    }
    List<Channel> channels = NotificationForm.channels(json, "channels");
    if (!channels.isEmpty()) {
      variant = variant.routing(Routing.all(channels.toArray(Channel[]::new)));
    }
    return json.duration("delay").map(variant::delayed).orElse(variant);
  }

  private void results(Call call) {
    call.expectQuery("goal");
    String name = call.path("name");
    ExperimentRun run =
        dispatcher
            .experiments()
            .find(name)
            .orElseThrow(() -> Problem.notFound("there is no experiment of this name"));
    String goal = call.query("goal").orElse(run.experiment().goal());
    ExperimentResults results = dispatcher.experiments().results(name, goal);
    Map<String, Object> fields = shown(run);
    fields.put("goal", goal);
    fields.put("arms", results.arms().stream().map(ExperimentRoutes::shown).toList());
    results.holdout().ifPresent(arm -> fields.put("holdout", shown(arm)));
    fields.put("comparisons", results.comparisons().stream().map(ExperimentRoutes::shown).toList());
    results.againstHoldout().ifPresent(all -> fields.put("againstHoldout", shown(all)));
    fields.put("sampleRatioMismatch", results.sampleRatio().isMismatch());
    call.answer(fields);
  }

  private static Map<String, Object> shown(ExperimentRun run) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", run.experiment().name());
    fields.put("state", run.state().name());
    fields.put("goal", run.experiment().goal());
    fields.put("allocation", run.allocation());
    run.winner().ifPresent(winner -> fields.put("winner", winner));
    fields.put("createdAt", run.createdAt().toString());
    return fields;
  }

  private static Map<String, Object> shown(Arm arm) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("variant", arm.variant());
    fields.put("people", arm.people());
    fields.put("converted", arm.converted());
    fields.put("rate", arm.rate());
    fields.put("interval", shown(arm.interval()));
    fields.put("amount", arm.amount());
    return fields;
  }

  private static Map<String, Object> shown(Comparison comparison) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("variant", comparison.variant());
    fields.put("with", comparison.with());
    fields.put("difference", comparison.difference());
    fields.put("interval", shown(comparison.interval()));
    fields.put("pValue", comparison.pValue());
    fields.put("verdict", comparison.verdict().name());
    return fields;
  }

  private static Map<String, Object> shown(Interval interval) {
    return Map.of("low", finite(interval.low()), "high", finite(interval.high()));
  }

  /** JSON has no infinity; no rate and no difference of rates lies outside of these. */
  private static double finite(double number) {
    return Math.max(-1, Math.min(1, number));
  }
}
