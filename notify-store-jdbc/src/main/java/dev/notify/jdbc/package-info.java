/**
 * What a relational database has to do with notifications: the tables, and how they come to be. A
 * {@link javax.sql.DataSource} comes in; driver and pool are the application's. SQL stands as text,
 * one file for each database.
 */
@NullMarked
package dev.notify.jdbc;

import org.jspecify.annotations.NullMarked;
