package history

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// A migration is a file of SQL that takes the schema from one version to the next.
type migration struct{ name, sql string }

// migrations are all, in order: the first makes version 1.
func migrations() []migration {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql") // sorted
	if err != nil {
		panic(err) // the pattern is wrong
	}
	var all []migration
	for _, name := range names {
		data, err := migrationFiles.ReadFile(name)
		if err != nil {
			panic(err) // embedded, so it is there
		}
		all = append(all, migration{name, string(data)})
	}
	return all
}

// migrate runs those after version, each whole or not at all. The sums of the days are made anew after the last.
func (d *database) migrate(all []migration, version int) error {
	for n := version + 1; n <= len(all); n++ {
		err := d.change(true, func() error {
			if err := d.exec(all[n-1].sql); err != nil {
				return err
			}
			if n == len(all) {
				if err := d.rebuild(); err != nil {
					return err
				}
			}
			if err := d.exec(fmt.Sprintf("PRAGMA application_id=%d", applicationID)); err != nil {
				return err
			}
			return d.exec(fmt.Sprintf("PRAGMA user_version=%d", n))
		})
		if err != nil {
			return fmt.Errorf("%s: %w", all[n-1].name, err)
		}
	}
	return nil
}
