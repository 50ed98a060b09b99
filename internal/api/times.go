package api

import (
	"reflect"
	"time"
)

// canBeWritten tells whether a time is one that RFC 3339 has a form for, in UTC: another one could be
// kept and never be answered.
func canBeWritten(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999
}

// checkTimes refuses a request with a time that could not be written, wherever it stands.
func checkTimes(in any) error {
	if wrong, found := wrongTime(reflect.ValueOf(in)); found {
		return invalid("request", "a time has to lie in the years 1 to 9999 of UTC, and one lies in the year "+wrong.UTC().Format("2006"))
	}
	return nil
}

var timeType = reflect.TypeFor[time.Time]()

// wrongTime finds a time that could not be written in the exported fields of a value.
func wrongTime(v reflect.Value) (wrong time.Time, found bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return wrongTime(v.Elem())
	case reflect.Slice, reflect.Array:
		if !holdsTimes(v.Type().Elem()) {
			return wrong, false
		}
		for i := range v.Len() {
			if wrong, found = wrongTime(v.Index(i)); found {
				return wrong, true
			}
		}
	case reflect.Struct:
		if v.Type() == timeType {
			t, _ := v.Interface().(time.Time)
			return t, !canBeWritten(t)
		}
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue
			}
			if wrong, found = wrongTime(v.Field(i)); found {
				return wrong, true
			}
		}
	}
	return wrong, false
}

// holdsTimes spares a walk through long lists of what cannot hold a time.
func holdsTimes(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Pointer, reflect.Slice, reflect.Array, reflect.Interface:
		return true
	}
	return false
}
