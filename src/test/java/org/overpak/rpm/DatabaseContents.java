package org.overpak.rpm;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All that a database holds, to be compared.
public final class DatabaseContents {
  private DatabaseContents() {}

  /// All tables and indexes of DATABASE with the statements that made them, and all rows in order.
  public static Map<String, String> of(Path database) throws SQLException {
    Map<String, String> result = new LinkedHashMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet schema =
          statement.executeQuery(
              // What SQLite's planner noted of its own queries is no part of rpm's data.
              "SELECT type, name, sql FROM sqlite_schema WHERE name != 'sqlite_stat1'")) {
        while (schema.next()) {
          if (schema.getString(1).equals("table")) {
            tables.add(schema.getString(2));
          }
          result.put(schema.getString(2), schema.getString(3));
        }
      }
      for (String table : tables) {
        try (ResultSet rows =
            statement.executeQuery("SELECT rowid, * FROM \"" + table + "\" ORDER BY rowid")) {
          while (rows.next()) {
            result.put(table + " " + rows.getLong(1), row(rows));
          }
        }
      }
    }
    return result;
  }

  private static String row(ResultSet row) throws SQLException {
    var text = new StringBuilder();
    for (int column = 2; column <= row.getMetaData().getColumnCount(); column++) {
      text.append(
          row.getObject(column) instanceof byte[] bytes
              ? HexFormat.of().formatHex(bytes)
              : row.getObject(column));
      text.append('|');
    }
    return text.toString();
  }
}
