package dev.notify.examples;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.notify.examples.Person.OptOut;
import dev.notify.model.QuietHours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Reads an {@link Audience}; whatever is wrong with it is told with file, line and field. */
final class AudienceFile {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .annotationIntrospector(new RequiredUnlessSaidOtherwise())
          .addModule(
              new SimpleModule()
                  .addDeserializer(
                      Instant.class,
                      new TextForm<>(
                          Instant.class, "a moment like 2026-03-02T21:30:00Z", Instant::parse))
                  .addDeserializer(
                      ZoneId.class,
                      new TextForm<>(ZoneId.class, "a time zone like Europe/Berlin", ZoneId::of))
                  .addDeserializer(
                      Locale.class,
                      new TextForm<>(
                          Locale.class, "a language like de or pt-BR", TextForm::language))
                  .addDeserializer(
                      QuietHours.class,
                      new TextForm<>(
                          QuietHours.class,
                          "two different times like 22:00-07:00",
                          TextForm::quietHours))
                  .addDeserializer(
                      OptOut.class,
                      new TextForm<>(
                          OptOut.class, "everything, email, sms, push or inapp", TextForm::optOut)))
          .build();

  private AudienceFile() {}

  /** A field may be left out only where its record says so. */
  private static final class RequiredUnlessSaidOtherwise extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      JsonProperty said = member.getAnnotation(JsonProperty.class);
      return said == null || said.required();
    }

    /** A null is as good as nothing, which only an optional field may be. */
    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
      boolean required = annotated instanceof AnnotatedMember member && hasRequiredMarker(member);
      return JsonSetter.Value.forValueNulls(required ? Nulls.FAIL : Nulls.DEFAULT, Nulls.FAIL);
    }
  }

  static Audience read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(file + ": there is no such file");
    }
    try {
      Audience audience = JSON.readValue(file.toFile(), Audience.class);
      requireDistinctIds(file, audience);
      return audience;
    } catch (JacksonException e) {
      throw JsonFault.of(file, e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + e.getMessage());
    }
  }

  private static void requireDistinctIds(Path file, Audience audience) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < audience.people().size(); i++) {
      String id = audience.people().get(i).id();
      if (!ids.add(id)) {
        JsonPointer field = JsonPointer.compile("/people/" + i + "/id");
        throw JsonFault.at(file, field, "'" + id + "' is another person's");
      }
    }
  }
}
