// Reads the cases of MetalLB's own parser tests out of its sources, and prints them as JSON: what each gives to the parser,
// and whether it is to be taken. It reads Go's literals and compiles nothing of MetalLB, so it needs nothing but Go.
//
//	go run cases.go FOLDER-OF-METALLB
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// The tests that hand resources to the parser, or to what refuses resources for one way of doing BGP.
var tests = []string{"TestParse", "TestServiceSelectors", "TestValidate", "TestValidateFRR"}

type testCase struct {
	Test      string         `json:"test"`
	Desc      string         `json:"desc"`
	Resources map[string]any `json:"resources"`
	Taken     bool           `json:"taken"`
}

func main() {
	reader := &reader{files: token.NewFileSet(), fields: map[string]map[string]field{}, constants: map[string]any{}}
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Fprintln(os.Stderr, problem)
			os.Exit(1)
		}
	}()
	folder := os.Args[1]
	for _, name := range []string{"api/v1beta1", "api/v1beta2", "internal/config"} {
		reader.readDeclared(filepath.Join(folder, name))
	}
	found := []testCase{}
	for _, name := range []string{"config_test.go", "validation_test.go"} {
		found = append(found, reader.readCases(filepath.Join(folder, "internal", "config", name))...)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		panic(err)
	}
}

// A field of a struct: its key in JSON, and its type.
type field struct {
	key  string
	kind ast.Expr
	of   string
}

type reader struct {
	files *token.FileSet
	// By package and name of the struct: "v1beta1.IPAddressPoolSpec".
	fields map[string]map[string]field
	// What a name stands for: constants of the parser, and variables of a test.
	constants, scope map[string]any
}

func (r *reader) parse(file string) *ast.File {
	parsed, err := parser.ParseFile(r.files, file, nil, 0)
	if err != nil {
		panic(err)
	}
	return parsed
}

func (r *reader) readDeclared(folder string) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		panic(fmt.Sprint("no Go files in ", folder))
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		of := filepath.Base(folder)
		ast.Inspect(r.parse(file), func(node ast.Node) bool {
			switch spec := node.(type) {
			case *ast.TypeSpec:
				if body, ok := spec.Type.(*ast.StructType); ok {
					r.fields[of+"."+spec.Name.Name] = fieldsOf(body, of)
				}
			case *ast.ValueSpec:
				for index, value := range spec.Values {
					if literal, ok := value.(*ast.BasicLit); ok {
						r.constants[spec.Names[index].Name] = r.value(literal, nil, of)
					}
				}
			}
			return true
		})
	}
}

func fieldsOf(body *ast.StructType, of string) map[string]field {
	found := map[string]field{}
	for _, declared := range body.Fields.List {
		key := ""
		if declared.Tag != nil {
			tag, _ := strconv.Unquote(declared.Tag.Value)
			key, _, _ = strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		}
		for _, name := range declared.Names {
			found[name.Name] = field{key, declared.Type, of}
		}
	}
	return found
}

func (r *reader) readCases(file string) []testCase {
	found := []testCase{}
	for _, name := range tests {
		for _, declared := range r.parse(file).Decls {
			if function, ok := declared.(*ast.FuncDecl); ok && function.Name.Name == name {
				found = append(found, r.casesOf(function)...)
			}
		}
	}
	return found
}

func (r *reader) casesOf(function *ast.FuncDecl) []testCase {
	r.scope = map[string]any{}
	found := []testCase{}
	for _, statement := range function.Body.List {
		assigned, ok := statement.(*ast.AssignStmt)
		if !ok {
			continue
		}
		name, value := assigned.Lhs[0].(*ast.Ident).Name, assigned.Rhs[0]
		if name != "tests" {
			r.scope[name] = r.value(value, nil, "config")
			continue
		}
		list := value.(*ast.CompositeLit)
		fields := fieldsOf(list.Type.(*ast.ArrayType).Elt.(*ast.StructType), "config")
		for _, one := range list.Elts {
			found = append(found, r.caseOf(function.Name.Name, one.(*ast.CompositeLit), fields))
		}
	}
	return found
}

func (r *reader) caseOf(test string, literal *ast.CompositeLit, fields map[string]field) testCase {
	// A test that says what it wants is refused where it wants nothing.
	_, wants := fields["want"]
	found := testCase{Test: test, Resources: map[string]any{}, Taken: !wants}
	for _, element := range literal.Elts {
		pair := element.(*ast.KeyValueExpr)
		key := pair.Key.(*ast.Ident).Name
		value := func() any { return r.value(pair.Value, fields[key].kind, "config") }
		switch key {
		case "desc":
			found.Desc = value().(string)
		case "crs", "config":
			found.Resources = value().(map[string]any)
		case "opts":
			// With frr-k8s, whether MetalLB itself reads the passwords.
		case "want":
			wanted, isName := pair.Value.(*ast.Ident)
			found.Taken = !isName || wanted.Name != "nil"
		case "wantErr":
			found.Taken = value() == ""
		case "mustFail":
			found.Taken = value() != true
		default:
			panic(r.at(pair, "unknown field of a case: "+key))
		}
	}
	return found
}

// What an expression is as JSON. The kind is that of the place where it stands, for literals that leave it out; of is the
// package in which the kind is written.
func (r *reader) value(expression ast.Expr, kind ast.Expr, of string) any {
	switch e := expression.(type) {
	case *ast.BasicLit:
		if e.Kind == token.INT {
			number, err := strconv.ParseInt(e.Value, 0, 64)
			if err != nil {
				panic(r.at(e, err.Error()))
			}
			return number
		}
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			panic(r.at(e, err.Error()))
		}
		return text
	case *ast.Ident:
		switch e.Name {
		case "true", "false":
			return e.Name == "true"
		case "nil":
			return nil
		}
		for _, known := range []map[string]any{r.scope, r.constants} {
			if value, ok := known[e.Name]; ok {
				return value
			}
		}
	case *ast.SelectorExpr:
		// Such as time.Second.
		if unit, ok := map[string]time.Duration{"Millisecond": time.Millisecond, "Second": time.Second, "Minute": time.Minute, "Hour": time.Hour}[e.Sel.Name]; ok {
			return int64(unit)
		}
		if value, ok := r.constants[e.Sel.Name]; ok {
			return value
		}
		// Kubernetes' constants are not read: those of selectors' operators end in what they stand for.
		return strings.TrimPrefix(e.Sel.Name, "LabelSelectorOp")
	case *ast.BinaryExpr:
		left, right := r.value(e.X, nil, of), r.value(e.Y, nil, of)
		if a, ok := left.(int64); ok && e.Op == token.MUL {
			return a * right.(int64)
		}
	case *ast.UnaryExpr:
		return r.value(e.X, kind, of)
	case *ast.CallExpr:
		return r.called(e, of)
	case *ast.CompositeLit:
		if e.Type != nil {
			kind = e.Type
		}
		return r.literal(e, kind, of)
	}
	panic(r.at(expression, fmt.Sprintf("cannot read %T", expression)))
}

// Pointers to a value and conversions are that value: ptr.To[int32](32), []byte("text").
func (r *reader) called(call *ast.CallExpr, of string) any {
	arguments := []any{}
	for _, argument := range call.Args {
		arguments = append(arguments, r.value(argument, nil, of))
	}
	if name, ok := call.Fun.(*ast.Ident); ok {
		switch name.Name {
		case "hostNode":
			hostname := arguments[0]
			return map[string]any{"metadata": map[string]any{"name": hostname, "labels": hostnameLabel(hostname)}}
		case "peerOnNodes":
			selectors := []any{}
			for _, hostname := range arguments {
				selectors = append(selectors, map[string]any{"matchLabels": hostnameLabel(hostname)})
			}
			return map[string]any{"spec": map[string]any{"peerAddress": "1.2.3.4", "nodeSelectors": selectors}}
		}
	}
	if len(arguments) != 1 {
		panic(r.at(call, "cannot read a call of this"))
	}
	return arguments[0]
}

func hostnameLabel(hostname any) map[string]any {
	return map[string]any{"kubernetes.io/hostname": hostname}
}

func (r *reader) literal(literal *ast.CompositeLit, kind ast.Expr, of string) any {
	switch k := kind.(type) {
	case *ast.ArrayType:
		list := []any{}
		for _, element := range literal.Elts {
			list = append(list, r.value(element, k.Elt, of))
		}
		return list
	case *ast.MapType:
		found := map[string]any{}
		for _, element := range literal.Elts {
			pair := element.(*ast.KeyValueExpr)
			found[r.value(pair.Key, nil, of).(string)] = r.value(pair.Value, k.Value, of)
		}
		return found
	case *ast.StarExpr:
		return r.literal(literal, k.X, of)
	case *ast.SelectorExpr:
		// An alias such as metallbv1beta1 ends in the package's own name.
		return r.object(literal, strings.TrimPrefix(k.X.(*ast.Ident).Name, "metallb"), k.Sel.Name)
	case *ast.Ident:
		return r.object(literal, of, k.Name)
	}
	// Kinds of Kubernetes, whose sources are not read: lists of literals, or fields by their names.
	if len(literal.Elts) > 0 {
		if _, ok := literal.Elts[0].(*ast.KeyValueExpr); !ok {
			return r.literal(literal, &ast.ArrayType{}, of)
		}
	}
	return r.object(literal, "", "")
}

func (r *reader) object(literal *ast.CompositeLit, of string, name string) any {
	found := map[string]any{}
	fields, known := r.fields[of+"."+name]
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			panic(r.at(element, "a field without its name"))
		}
		fieldName := pair.Key.(*ast.Ident).Name
		declared := fields[fieldName]
		value := r.value(pair.Value, declared.kind, declared.of)
		switch {
		case name == "Duration":
			return time.Duration(value.(int64)).String()
		case fieldName == "ObjectMeta":
			found["metadata"] = value
		case known && declared.kind == nil:
			panic(r.at(pair, "unknown field of "+of+"."+name+": "+fieldName))
		case declared.key != "":
			found[declared.key] = value
		default:
			// Kubernetes calls its fields as Go does, in lower case at the start.
			found[strings.ToLower(fieldName[:1])+fieldName[1:]] = value
		}
	}
	return found
}

func (r *reader) at(node ast.Node, message string) string {
	return fmt.Sprint(r.files.Position(node.Pos()), ": ", message)
}
