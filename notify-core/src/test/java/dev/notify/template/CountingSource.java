package dev.notify.template;

import dev.notify.spi.TemplateSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Texts by path, and how often each was asked for. */
final class CountingSource implements TemplateSource {

  private final Map<String, String> texts;
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

  CountingSource(Map<String, String> texts) {
    this.texts = texts;
  }

  @Override
  public Optional<String> find(String path) {
    asked.add(path);
    return Optional.ofNullable(texts.get(path));
  }

  long loads(String path) {
    return asked.stream().filter(path::equals).count();
  }

  List<String> asked() {
    return List.copyOf(asked);
  }
}
