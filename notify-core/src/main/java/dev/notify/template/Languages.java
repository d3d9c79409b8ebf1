package dev.notify.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * In which languages a person may read.
 *
 * @param reader the person's
 * @param common that of the texts without locale
 */
record Languages(Locale reader, Locale common) {

  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,8}");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}|[0-9]{3}");

  private static final Pattern FOLDER = Pattern.compile("[a-z]{2,8}(-([A-Z]{2}|[0-9]{3}))?/");

  /** Folders to look in, most specific first; the empty one holds the texts without locale. */
  List<String> folders() {
    List<String> folders = new ArrayList<>(3);
    // Locale's old constructor takes any text, and this one becomes part of a path.
    if (LANGUAGE.matcher(reader.getLanguage()).matches()) {
      if (COUNTRY.matcher(reader.getCountry()).matches()) {
        folders.add(reader.getLanguage() + "-" + reader.getCountry() + "/");
      }
      folders.add(reader.getLanguage() + "/");
    }
    folders.add("");
    return folders;
  }

  /** Whether a path's beginning is a locale's folder. */
  static boolean isFolder(String beginning) {
    return FOLDER.matcher(beginning).matches();
  }

  /** How dates and numbers are written in the texts of a folder: languages never mix. */
  Locale formats(String folder) {
    boolean isReaders = !folder.isEmpty() || reader.getLanguage().equals(common.getLanguage());
    return isReaders ? reader : common;
  }
}
