// A small shop in Go; the stack is that of pkg/errors, where the error was made. Arguments: DSN, release, environment.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/getsentry/sentry-go"
	"github.com/pkg/errors"
)

func shipOrder(order int) error {
	return errors.Errorf("order %d has no lines", order)
}

func closeDay(orders []int) error {
	for _, order := range orders {
		if err := shipOrder(order); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	err := sentry.Init(sentry.ClientOptions{
		Dsn: os.Args[1], Release: os.Args[2], Environment: os.Args[3], ServerName: "go-1",
	})
	if err != nil {
		panic(err)
	}
	sentry.ConfigureScope(func(scope *sentry.Scope) {
		scope.SetUser(sentry.User{ID: "42", Email: "ann@example.test"})
		scope.SetTag("shop.region", "eu")
		scope.SetLevel(sentry.LevelFatal)
	})
	sentry.AddBreadcrumb(&sentry.Breadcrumb{Category: "cart", Message: "added 3 lines", Level: "info"})
	id := sentry.CaptureException(closeDay([]int{4711}))
	sentry.Flush(10 * time.Second)
	fmt.Printf("{\"eventId\":%q}\n", *id)
}
