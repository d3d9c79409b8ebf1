package dev.notify.examples.server;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Content;
import dev.notify.model.Recipient;
import dev.notify.model.StoredTemplate;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.StoredTemplate.Status;
import dev.notify.model.StoredTemplate.Type;
import dev.notify.model.StoredTemplate.Variable;
import dev.notify.template.TemplateLibrary;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Templates that are kept in the store, with all their versions. */
final class TemplateRoutes {

  private static final String ROOT = "/api/v1/templates";
  private static final String ONE = ROOT + "/{name}";
  private static final String VERSION = ONE + "/versions/{version}";
  private static final int MOST_VARIABLES = 500;

  private final NotificationDispatcher dispatcher;

  TemplateRoutes(NotificationDispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  List<Route> all() {
    return List.of(
        Route.of("GET", ROOT, Route.FOLLOWING, this::list),
        Route.of("POST", ROOT, Route.RULING, this::create),
        Route.of("GET", ONE, Route.FOLLOWING, this::get),
        Route.of("PUT", ONE, Route.RULING, this::put),
        Route.of("GET", ONE + "/versions", Route.FOLLOWING, this::versions),
        Route.of("GET", VERSION, Route.FOLLOWING, this::version),
        Route.of("POST", VERSION + "/activate", Route.RULING, this::activate),
        Route.of("POST", VERSION + "/archive", Route.RULING, this::archive),
        Route.of("POST", VERSION + "/preview", Route.FOLLOWING, this::preview));
  }

  private TemplateLibrary library() {
    return dispatcher.templates();
  }

  private void list(Call call) {
    call.answer(Map.of("templates", library().names().stream().map(this::summary).toList()));
  }

  private Map<String, Object> summary(String name) {
    List<StoredTemplate> versions = library().versions(name);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("latestVersion", versions.get(0).version());
    versions.stream()
        .filter(one -> one.status() == Status.ACTIVE)
        .findFirst()
        .ifPresent(one -> fields.put("activeVersion", one.version()));
    return fields;
  }

  private void create(Call call) {
    Draft draft = call.body(json -> read(json, json.requiredText("name")));
    if (!library().versions(draft.name()).isEmpty()) {
      throw Problem.conflict("there is a template of this name; PUT makes its next version");
    }
    save(call, draft, 201);
  }

  private void put(Call call) {
    Draft draft = call.body(json -> read(json, call.path("name")));
    save(call, draft, library().versions(draft.name()).isEmpty() ? 201 : 200);
  }

  private void save(Call call, Draft draft, int status) {
    StoredTemplate saved = library().save(draft, call.caller().name());
    call.context().header("Location", ROOT + "/" + draft.name() + "/versions/" + saved.version());
    call.answer(status, shown(saved));
  }

  private static Draft read(Json json, String name) {
    return new Draft(
        name,
        json.textMap("texts"),
        json.objects("variables", MOST_VARIABLES, TemplateRoutes::readVariable),
        json.map("samples"));
  }

  private static Variable readVariable(Json json) {
    return new Variable(
        json.requiredText("name"),
        json.oneOf("type", Type.class).orElse(Type.TEXT),
        json.flag("required").orElse(false));
  }

  private void get(Call call) {
    call.answer(shown(all(call).get(0)));
  }

  private List<StoredTemplate> all(Call call) {
    List<StoredTemplate> versions = library().versions(call.path("name"));
    if (versions.isEmpty()) {
      throw Problem.notFound("there is no template of this name");
    }
    return versions;
  }

  private void versions(Call call) {
    call.answer(Map.of("versions", all(call).stream().map(TemplateRoutes::shown).toList()));
  }

  private void version(Call call) {
    call.answer(shown(existing(call)));
  }

  private StoredTemplate existing(Call call) {
    return library()
        .find(call.path("name"), call.path("version", Integer::parseInt))
        .orElseThrow(() -> Problem.notFound("there is no such version of a template"));
  }

  private void activate(Call call) {
    StoredTemplate wanted = existing(call);
    library().activate(wanted.name(), wanted.version(), call.caller().name());
    version(call);
  }

  private void archive(Call call) {
    StoredTemplate wanted = existing(call);
    library().archive(wanted.name(), wanted.version(), call.caller().name());
    version(call);
  }

  private void preview(Call call) {
    StoredTemplate wanted = existing(call);
    Content content =
        call.body(
            json -> {
              Recipient.Builder reader = Recipient.builder("preview");
              json.text("locale").map(Locale::forLanguageTag).ifPresent(reader::locale);
              json.parsed("timeZone", ZoneId::of, "a time zone such as Europe/Berlin")
                  .ifPresent(reader::zone);
              json.map("attributes").forEach(reader::attribute);
              Map<String, Object> variables = new LinkedHashMap<>(wanted.draft().samples());
              variables.putAll(json.map("variables"));
              return library()
                  .preview(
                      wanted.name(),
                      wanted.version(),
                      NotificationForm.channel("channel", json.requiredText("channel")),
                      reader.build(),
                      variables);
            });
    call.answer(Shown.content(content));
  }

  private static Map<String, Object> shown(StoredTemplate template) {
    Draft draft = template.draft();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", template.name());
    fields.put("version", template.version());
    fields.put("status", template.status().name());
    fields.put("savedBy", template.savedBy());
    fields.put("savedAt", template.savedAt().toString());
    fields.put("texts", draft.texts());
    fields.put("variables", draft.variables().stream().map(TemplateRoutes::shown).toList());
    fields.put("samples", Plain.of(draft.samples()));
    return fields;
  }

  private static Map<String, Object> shown(Variable variable) {
    return Map.of(
        "name", variable.name(), "type", variable.type().name(), "required", variable.required());
  }
}
