package dev.notify.template;

import dev.notify.model.TemplateException;
import java.io.StringWriter;

/** Keeps a template from growing without end. */
final class BoundedWriter extends StringWriter {

  private static final int MOST_CHARACTERS = 4 << 20;

  private final String template;

  BoundedWriter(String template) {
    super(512);
    this.template = template;
  }

  @Override
  public void write(int c) {
    super.write(c);
    check();
  }

  @Override
  public void write(char[] text, int offset, int length) {
    super.write(text, offset, length);
    check();
  }

  @Override
  public void write(String text) {
    super.write(text);
    check();
  }

  @Override
  public void write(String text, int offset, int length) {
    super.write(text, offset, length);
    check();
  }

  private void check() {
    if (getBuffer().length() > MOST_CHARACTERS) {
      throw new TemplateException(
          template, "renders to more than " + MOST_CHARACTERS + " characters");
    }
  }
}
