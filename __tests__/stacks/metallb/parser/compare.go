// Compares two configurations as MetalLB itself reads them. Built into upstream's module, whose parser is internal:
// upstream-parser.ts. It reads pairs of lists of objects, and prints for each pair what the parser said.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	v1beta1 "go.universe.tf/metallb/api/v1beta1"
	v1beta2 "go.universe.tf/metallb/api/v1beta2"
	"go.universe.tf/metallb/internal/config"
	corev1 "k8s.io/api/core/v1"
)

type object struct {
	Kind string `json:"kind"`
}

type pair struct {
	BgpType    string             `json:"bgpType"`
	Nodes      []corev1.Node      `json:"nodes"`
	Namespaces []corev1.Namespace `json:"namespaces"`
	One        []json.RawMessage  `json:"one"`
	Other      []json.RawMessage  `json:"other"`
}

type verdict struct {
	One   string `json:"one"`
	Other string `json:"other"`
	Same  bool   `json:"same"`
}

func main() {
	var pairs []pair
	if err := json.NewDecoder(os.Stdin).Decode(&pairs); err != nil {
		fail(err)
	}
	verdicts := []verdict{}
	for _, p := range pairs {
		one, errOfOne := read(p, p.One)
		other, errOfOther := read(p, p.Other)
		verdicts = append(verdicts, verdict{
			One:   text(errOfOne),
			Other: text(errOfOther),
			Same:  errOfOne == nil && errOfOther == nil && reflect.DeepEqual(one, other),
		})
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func text(err error) string {
	if err == nil {
		return "taken"
	}
	return err.Error()
}

// What the parser makes of the objects, without the names of announcements, which nothing refers to.
func read(p pair, objects []json.RawMessage) (*config.Config, error) {
	resources := config.ClusterResources{Nodes: p.Nodes, Namespaces: p.Namespaces, PasswordSecrets: map[string]corev1.Secret{}}
	for _, raw := range objects {
		if err := add(&resources, raw); err != nil {
			return nil, err
		}
	}
	validate := config.DiscardFRROnly
	if p.BgpType != "native" {
		validate = config.DiscardNativeOnly
	}
	found, err := config.For(resources, validate)
	if err != nil {
		return nil, err
	}
	for _, pool := range found.Pools.ByName {
		for _, announcement := range pool.BGPAdvertisements {
			announcement.Name = ""
		}
	}
	return found, nil
}

func add(to *config.ClusterResources, raw json.RawMessage) error {
	var known object
	if err := json.Unmarshal(raw, &known); err != nil {
		return err
	}
	switch known.Kind {
	case "IPAddressPool":
		return appended(&to.Pools, raw)
	case "L2Advertisement":
		return appended(&to.L2Advs, raw)
	case "BGPAdvertisement":
		return appended(&to.BGPAdvs, raw)
	case "BGPPeer":
		return appended(&to.Peers, raw)
	case "BFDProfile":
		return appended(&to.BFDProfiles, raw)
	case "Community":
		return appended(&to.Communities, raw)
	default:
		return fmt.Errorf("unknown kind %q", known.Kind)
	}
}

func appended[T v1beta1.IPAddressPool | v1beta1.L2Advertisement | v1beta1.BGPAdvertisement | v1beta1.BFDProfile | v1beta1.Community | v1beta2.BGPPeer](list *[]T, raw json.RawMessage) error {
	var one T
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	*list = append(*list, one)
	return nil
}
