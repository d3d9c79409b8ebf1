package dev.notify.console;

import dev.notify.Experiments;
import dev.notify.model.ExperimentResults;
import dev.notify.model.ExperimentResults.Arm;
import dev.notify.model.ExperimentResults.Comparison;
import dev.notify.model.ExperimentResults.Verdict;
import dev.notify.model.ExperimentRun;
import dev.notify.model.NotifyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Experiments, and what they have shown so far. */
final class ExperimentsPage {

  private static final List<String> HEADS =
      List.of("Variant", "Share", "People", "Reached the goal", "Interval", "Verdict");

  /** Width of a drawing, in its own units. */
  private static final double WIDTH = 300;

  private final Site site;

  ExperimentsPage(Site site) {
    this.site = site;
  }

  Markup page() {
    Markup html = new Markup();
    try {
      Experiments experiments = site.dispatcher().experiments();
      List<ExperimentRun> runs = experiments.list();
      if (runs.isEmpty()) {
        Pieces.empty(
            html,
            "There are no experiments.",
            "Declare one with dispatcher.experiments().create(Experiment.named(\"subject-line\")...),"
                + " and name it on the notification.");
      }
      runs.forEach(run -> experiment(html, experiments.results(run.experiment().name())));
    } catch (NotifyException e) {
      Pieces.fault(html, String.valueOf(e.getMessage()));
    }
    return html;
  }

  private static void experiment(Markup html, ExperimentResults results) {
    ExperimentRun run = results.run();
    String name = run.experiment().name();
    html.open("section", "class", "card", "aria-label", "Experiment " + name);
    html.open("div", "class", "card-head").leaf("h2", name);
    Pieces.chip(html, Pieces.words(run.state().name()), run.isRunning() ? "good" : "plain");
    html.close("div").open("p", "class", "muted");
    html.text(
        "Goal: %s. Confidence %s, however often one looks. Since "
            .formatted(results.goal(), Pieces.percent(run.experiment().confidence())));
    Pieces.moment(html, run.createdAt());
    run.winner().ifPresent(winner -> html.text(". Everybody gets " + winner));
    html.text(".").close("p");
    if (results.sampleRatio().isMismatch()) {
      html.leaf(
          "p",
          "People are not spread as the weights say: something loses them before they are counted."
              + " Do not trust the figures.",
          "class",
          "note bad");
    }
    table(html, results);
    html.close("section");
  }

  private static void table(Markup html, ExperimentResults results) {
    List<Arm> arms = new ArrayList<>(results.arms());
    results.holdout().ifPresent(arms::add);
    double most = arms.stream().mapToDouble(arm -> arm.interval().high()).max().orElse(1);
    double scale = nice(most);
    html.open("table", "class", "stack experiments").open("thead").open("tr");
    for (String head : HEADS) {
      html.leaf(
          "th",
          head.equals("Interval") ? head + ", 0 to " + Pieces.percent(scale) : head,
          "scope",
          "col");
    }
    html.close("tr", "thead").open("tbody");
    for (Arm arm : arms) {
      row(html, results, arm, scale);
    }
    html.close("tbody", "table");
  }

  private static void row(Markup html, ExperimentResults results, Arm arm, double scale) {
    html.open("tr").open("th", "scope", "row", "data-label", HEADS.get(0)).text(arm.variant());
    boolean control = results.run().experiment().control().name().equals(arm.variant());
    if (control) {
      html.leaf("span", " control", "class", "muted");
    }
    html.close("th");
    Double share = results.run().allocation().get(arm.variant());
    double weight = share == null ? results.run().experiment().holdout() : share;
    html.leaf("td", Pieces.percent(weight), "data-label", HEADS.get(1));
    html.leaf("td", String.valueOf(arm.people()), "data-label", HEADS.get(2));
    html.leaf(
        "td", arm.converted() + " · " + Pieces.percent(arm.rate()), "data-label", HEADS.get(3));
    html.open("td", "data-label", HEADS.get(4), "class", "interval");
    interval(html, arm, scale);
    html.close("td").open("td", "data-label", HEADS.get(5));
    verdict(html, results, arm);
    html.close("td", "tr");
  }

  private static void interval(Markup html, Arm arm, double scale) {
    double low = x(arm.interval().low(), scale);
    double high = x(arm.interval().high(), scale);
    html.open(
        "svg",
        "viewBox",
        "0 0 300 24",
        "preserveAspectRatio",
        "none",
        "role",
        "img",
        "aria-label",
        Pieces.percent(arm.interval().low()) + " to " + Pieces.percent(arm.interval().high()));
    rect(html, "axis", 0, 11.5, WIDTH, 1);
    rect(html, "range", low, 7, Math.max(1, high - low), 10);
    rect(html, "rate", Math.min(WIDTH - 2, x(arm.rate(), scale)), 3, 2, 18);
    html.close("svg");
    html.leaf(
        "span",
        Pieces.percent(arm.interval().low()) + " to " + Pieces.percent(arm.interval().high()),
        "class",
        "muted",
        "aria-hidden",
        "true");
  }

  private static void rect(
      Markup html, String cssClass, double x, double y, double width, double height) {
    html.leaf(
        "rect",
        "",
        "class",
        cssClass,
        "x",
        number(x),
        "y",
        number(y),
        "width",
        number(width),
        "height",
        number(height));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static double x(double rate, double scale) {
    return Math.min(WIDTH, Math.max(0, WIDTH * rate / scale));
  }

  /** A round end of the scale that holds all intervals. */
  private static double nice(double most) {
    for (double end : new double[] {0.01, 0.02, 0.05, 0.1, 0.2, 0.5}) {
      if (most <= end) {
        return end;
      }
    }
    return 1;
  }

  private static void verdict(Markup html, ExperimentResults results, Arm arm) {
    Optional<Comparison> comparison =
        results.comparison(arm.variant()).filter(one -> one.variant().equals(arm.variant()));
    if (comparison.isEmpty()) {
      boolean holdout =
          results.holdout().filter(one -> one.variant().equals(arm.variant())).isPresent();
      String text = holdout ? "gets nothing" : "the others are compared with it";
      html.leaf("span", text, "class", "muted");
      return;
    }
    Comparison one = comparison.get();
    String tone =
        one.verdict() == Verdict.BETTER ? "good" : one.verdict() == Verdict.WORSE ? "bad" : "plain";
    Pieces.chip(html, Pieces.words(one.verdict().name()), tone);
    html.leaf(
        "span",
        " %s%s, %s to %s"
            .formatted(
                one.difference() < 0 ? "" : "+",
                Pieces.percent(one.difference()),
                Pieces.percent(one.interval().low()),
                Pieces.percent(one.interval().high())),
        "class",
        "muted");
  }
}
