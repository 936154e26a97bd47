// The lab's workload: answers every request with the name of its host, which in a pod is the pod's name.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	name, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(response http.ResponseWriter, _ *http.Request) {
		// A new connection for the next request, so that it is balanced anew.
		response.Header().Set("Connection", "close")
		fmt.Fprintln(response, name)
	})
	log.Fatal(http.ListenAndServe(":9200", nil))
}
