//go:build !js

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"acschat/cmd/chatdev/loopback"
)

const (
	// certificateLifetime is short because a new certificate costs nothing, and
	// because a browser keeps trusting a CA that its user has forgotten.
	certificateLifetime = 30 * 24 * time.Hour
	// minLifetimeLeft is how long a stored CA must still be valid at the start.
	// One with less left could expire while chatdev runs, and is replaced.
	minLifetimeLeft = 7 * 24 * time.Hour
)

// authority is a CA that signs certificates for servers on this machine, and for
// the hosts of -host.
// Clients trust it instead of disabling certificate checks. It is stored, so
// that it has to be trusted only once.
//
// Whoever steals its key can impersonate servers to browsers that trust it. So
// its certificate has name constraints: it can sign for localhost, loopback
// addresses, the hosts of -host and names under them only. Each set of hosts has
// an authority of its own, so that trust in one does not include another's hosts.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	file        string // path of the certificate in PEM
}

// openAuthority returns the authority for hosts, which are sorted, that is stored
// in the user's cache directory. It creates one if none is stored or the stored
// one expires soon. If it cannot store one, it logs a warning and returns an
// authority for this run, with its certificate in a temporary file.
func openAuthority(now time.Time, hosts []string, log *log.Logger) (*authority, error) {
	cache, err := os.UserCacheDir()
	if err == nil {
		var a *authority
		if a, err = storedAuthority(filepath.Join(cache, "acschat", directoryOf(hosts)), hosts, now); err == nil {
			return a, nil
		}
	}
	log.Printf("warning: -tls: the CA cannot be stored, so clients must trust a new one after the next start: %v", err)
	a, err := newAuthority(now, hosts)
	if err != nil {
		return nil, err
	}
	a.file, err = writeTemporary("", "chatdev-ca-*.pem", encodePEM(certificateType, a.certificate.Raw))
	return a, err
}

// directoryOf returns the name of the directory for hosts. It is empty for none.
// File systems differ in whether a name can have a colon.
func directoryOf(hosts []string) string {
	return strings.ReplaceAll(strings.Join(hosts, "+"), ":", "-")
}

// storedAuthority returns the authority for hosts that is stored in a directory.
// It creates one if none is stored, or the stored one expires soon or is for
// other hosts.
func storedAuthority(directory string, hosts []string, now time.Time) (*authority, error) {
	if a, err := readAuthority(directory); err == nil && a.isValidLongEnough(now) && a.isFor(hosts) {
		return a, nil
	}
	a, err := newAuthority(now, hosts)
	if err != nil {
		return nil, err
	}
	return a, a.write(directory)
}

func (a *authority) isValidLongEnough(now time.Time) bool {
	return !now.Before(a.certificate.NotBefore) && a.certificate.NotAfter.Sub(now) > minLifetimeLeft
}

// isFor reports whether the authority can sign for hosts, and for no others
// besides this machine.
func (a *authority) isFor(hosts []string) bool {
	names, ranges := permitted(hosts)
	return slices.Equal(a.certificate.PermittedDNSDomains, names) &&
		slices.EqualFunc(a.certificate.PermittedIPRanges, ranges, func(a, b *net.IPNet) bool { return a.String() == b.String() })
}

// permitted returns the name constraints of an authority for hosts.
func permitted(hosts []string) (names []string, ranges []*net.IPNet) {
	names = []string{"localhost"}
	ranges = []*net.IPNet{
		{IP: net.IPv4(127, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)},
		{IP: net.IPv6loopback, Mask: net.CIDRMask(128, 128)},
	}
	for _, host := range hosts {
		ip := net.ParseIP(host)
		if ip == nil {
			names = append(names, host)
			continue
		}
		if ip4 := ip.To4(); ip4 != nil {
			ip = ip4
		}
		ranges = append(ranges, &net.IPNet{IP: ip, Mask: net.CIDRMask(8*len(ip), 8*len(ip))})
	}
	return names, ranges
}

func newAuthority(now time.Time, hosts []string) (*authority, error) {
	template := newTemplate("acschat chatdev, made "+now.Format(time.DateOnly), now, now.Add(certificateLifetime))
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.MaxPathLenZero = true
	template.KeyUsage = x509.KeyUsageCertSign
	template.PermittedDNSDomainsCritical = true
	template.PermittedDNSDomains, template.PermittedIPRanges = permitted(hosts)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &authority{certificate: certificate, key: key}, err
}

// newTemplate returns what the certificates of the authority and of servers have
// in common. Package x509 adds a random serial number.
func newTemplate(name string, notBefore, notAfter time.Time) *x509.Certificate {
	return &x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		NotBefore:   notBefore,
		NotAfter:    notAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

// serverConfig returns the TLS configuration of a server at hosts. Every name
// under localhost gets a certificate of its own when a client asks for the
// name, because many clients refuse a wildcard there.
func (a *authority) serverConfig(hosts []string, now func() time.Time) (*tls.Config, error) {
	certificate, err := a.serverCertificate(hosts, now())
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates: []tls.Certificate{*certificate},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if hello.ServerName == "localhost" || !loopback.IsName(hello.ServerName) {
				return nil, nil // Certificates applies
			}
			return a.serverCertificate([]string{hello.ServerName}, now())
		},
	}, nil
}

// serverCertificate signs a certificate for localhost, 127.0.0.1, [::1] and hosts.
// Empty hosts are ignored.
func (a *authority) serverCertificate(hosts []string, now time.Time) (*tls.Certificate, error) {
	template := newTemplate("localhost", now, a.certificate.NotAfter)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.DNSNames = []string{"localhost"}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else if host != "" {
			template.DNSNames = append(template.DNSNames, strings.ToLower(strings.TrimSuffix(host, ".")))
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.certificate.Raw}, PrivateKey: key}, nil
}

// client returns an HTTP client that trusts only this authority.
func (a *authority) client() *http.Client {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}
}
