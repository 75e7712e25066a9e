/// Certificates for examples, as YAML in double quotes takes them. They were made for that; their keys were thrown away.
enum ExampleCertificates {
    /// CN=kubernetes, the authority of the cluster, until the end of 2035.
    static let authority = pem(
        [
            "MIIBAjCBtaADAgECAggIpqY+JO3mpTAFBgMrZXAwFTETMBEGA1UEAwwKa3ViZXJu",
            "ZXRlczAeFw0yNjAxMDEwMDAwMDBaFw0zNTEyMzAwMDAwMDBaMBUxEzARBgNVBAMM",
            "Cmt1YmVybmV0ZXMwKjAFBgMrZXADIQAMUcZ/qpPT/Wd+3CIt9dg0avI/eA3zyzpf",
            "jco1N7jN3aMjMCEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQwBQYD",
            "K2VwA0EA+kqtoxusvxnpzf9oRdFhPR5TxWu5/XRFoJwwbXG2X436WEP/qYZR+CFV",
            "hwgC2DHjZ37/QIVIyIBVrJ0v89FtBQ==",
        ])

    /// CN=etcd-ca, likewise.
    static let etcdAuthority = pem(
        [
            "MIH8MIGvoAMCAQICCAkidmUeJ6HBMAUGAytlcDASMRAwDgYDVQQDDAdldGNkLWNh",
            "MB4XDTI2MDEwMTAwMDAwMFoXDTM1MTIzMDAwMDAwMFowEjEQMA4GA1UEAwwHZXRj",
            "ZC1jYTAqMAUGAytlcAMhAOnEOnfOVXmx/rWfX9vgl9HG+/SnH6vj1wNXwJu9Ygbn",
            "oyMwITAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwICBDAFBgMrZXADQQB+",
            "g3hCLKO8+YQyw3j3Iz528G55iOP51dQh4+jnTzVQwem88HF6TGaymQ0gAU7ePm9a",
            "2e2gWvIlCTWdUGkOEzUB",
        ])

    /// CN=front-proxy-ca, likewise.
    static let frontProxyAuthority = pem(
        [
            "MIIBCjCBvaADAgECAggI9tBVTviqOTAFBgMrZXAwGTEXMBUGA1UEAwwOZnJvbnQt",
            "cHJveHktY2EwHhcNMjYwMTAxMDAwMDAwWhcNMzUxMjMwMDAwMDAwWjAZMRcwFQYD",
            "VQQDDA5mcm9udC1wcm94eS1jYTAqMAUGAytlcAMhAAzx46yvJBHz5k5Klz44xk/U",
            "MGCSWNfAmEgSM142grrHoyMwITAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQE",
            "AwICBDAFBgMrZXADQQBgGCXEvex67NH0/rRLbJskp0Zi+ZG7XxuLT4rea8xrhBfi",
            "RzO9U3d7nBMKUFh4i2rjuSMD8ro1AUspYGR+HD0K",
        ])

    /// CN=kube-apiserver with the names that clients use, by `authority`, until June 2027.
    static let server = pem(
        [
            "MIIBljCCAUigAwIBAgIICul7qdDtqC8wBQYDK2VwMBUxEzARBgNVBAMMCmt1YmVy",
            "bmV0ZXMwHhcNMjYwNjAxMDAwMDAwWhcNMjcwNjAxMDAwMDAwWjAZMRcwFQYDVQQD",
            "DA5rdWJlLWFwaXNlcnZlcjAqMAUGAytlcAMhAORf8c2fXn5BfjAc3vD322zIknJq",
            "eE/vDPfymPlBG0d2o4GxMIGuMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeA",
            "MBMGA1UdJQQMMAoGCCsGAQUFBwMBMHkGA1UdEQRyMHCCCmt1YmVybmV0ZXOCEmt1",
            "YmVybmV0ZXMuZGVmYXVsdIIWa3ViZXJuZXRlcy5kZWZhdWx0LnN2Y4Ika3ViZXJu",
            "ZXRlcy5kZWZhdWx0LnN2Yy5jbHVzdGVyLmxvY2FsggRjcC0xhwQKYAABhwTAAAIK",
            "MAUGAytlcANBAHLiOFm6f55rqHTjFgmhNBszJXwjgYZ8bP38wg9/y5qD2X+8fnvI",
            "1MVzxUEdomd0LupN8A/5oUWba+c1lXopwQE=",
        ])

    /// The same without any alternative name.
    static let namelessServer = pem(
        [
            "MIIBGDCBy6ADAgECAggBph2+LkQVizAFBgMrZXAwFTETMBEGA1UEAwwKa3ViZXJu",
            "ZXRlczAeFw0yNjA2MDEwMDAwMDBaFw0yNzA2MDEwMDAwMDBaMBkxFzAVBgNVBAMM",
            "Dmt1YmUtYXBpc2VydmVyMCowBQYDK2VwAyEA5F/xzZ9efkF+MBze8PfbbMiScmp4",
            "T+8M9/KY+UEbR3ajNTAzMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMG",
            "A1UdJQQMMAoGCCsGAQUFBwMBMAUGAytlcANBAFmIaUZopHQJoAigb+aXl4VK4plB",
            "76XnEteK2O6t2YdAQZ+IX0C+p7+eisx2j0sIthZEatmMMITba7InftEx5w4=",
        ])

    /// The same, expired in June 2026.
    static let expiredServer = pem(
        [
            "MIIBijCCATygAwIBAgIICSOnNpTjv5EwBQYDK2VwMBUxEzARBgNVBAMMCmt1YmVy",
            "bmV0ZXMwHhcNMjUwNjAxMDAwMDAwWhcNMjYwNjAxMDAwMDAwWjAZMRcwFQYDVQQD",
            "DA5rdWJlLWFwaXNlcnZlcjAqMAUGAytlcAMhAORf8c2fXn5BfjAc3vD322zIknJq",
            "eE/vDPfymPlBG0d2o4GlMIGiMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeA",
            "MBMGA1UdJQQMMAoGCCsGAQUFBwMBMG0GA1UdEQRmMGSCCmt1YmVybmV0ZXOCEmt1",
            "YmVybmV0ZXMuZGVmYXVsdIIWa3ViZXJuZXRlcy5kZWZhdWx0LnN2Y4Ika3ViZXJu",
            "ZXRlcy5kZWZhdWx0LnN2Yy5jbHVzdGVyLmxvY2FsggRjcC0xMAUGAytlcANBANqh",
            "TQWcFbhTRsrAMOotnkVBL1CkYYN67WPajE0cwYQnOPd5zIy/dxAXLr90ZMP/L+Bq",
            "mSyhNqeLoABmtn50WQ8=",
        ])

    /// The same, until 10 December 2026.
    static let endingServer = pem(
        [
            "MIIBijCCATygAwIBAgIIAwGFDKOP1UcwBQYDK2VwMBUxEzARBgNVBAMMCmt1YmVy",
            "bmV0ZXMwHhcNMjUxMjEwMDAwMDAwWhcNMjYxMjEwMDAwMDAwWjAZMRcwFQYDVQQD",
            "DA5rdWJlLWFwaXNlcnZlcjAqMAUGAytlcAMhAORf8c2fXn5BfjAc3vD322zIknJq",
            "eE/vDPfymPlBG0d2o4GlMIGiMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeA",
            "MBMGA1UdJQQMMAoGCCsGAQUFBwMBMG0GA1UdEQRmMGSCCmt1YmVybmV0ZXOCEmt1",
            "YmVybmV0ZXMuZGVmYXVsdIIWa3ViZXJuZXRlcy5kZWZhdWx0LnN2Y4Ika3ViZXJu",
            "ZXRlcy5kZWZhdWx0LnN2Yy5jbHVzdGVyLmxvY2FsggRjcC0xMAUGAytlcANBAAsN",
            "Fin64tYypXOwzDkcgt4W8czxbYCYASaG+KF9Vh23s6ye1337Lbbnk6wvA8Klc4qZ",
            "A5LRJH5vGMvSbmnChAE=",
        ])

    /// The same, naming CN=kubernetes as its issuer but signed by another key.
    static let foreignServer = pem(
        [
            "MIIBijCCATygAwIBAgIIAY8TXV9VcgMwBQYDK2VwMBUxEzARBgNVBAMMCmt1YmVy",
            "bmV0ZXMwHhcNMjYwNjAxMDAwMDAwWhcNMjcwNjAxMDAwMDAwWjAZMRcwFQYDVQQD",
            "DA5rdWJlLWFwaXNlcnZlcjAqMAUGAytlcAMhAORf8c2fXn5BfjAc3vD322zIknJq",
            "eE/vDPfymPlBG0d2o4GlMIGiMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeA",
            "MBMGA1UdJQQMMAoGCCsGAQUFBwMBMG0GA1UdEQRmMGSCCmt1YmVybmV0ZXOCEmt1",
            "YmVybmV0ZXMuZGVmYXVsdIIWa3ViZXJuZXRlcy5kZWZhdWx0LnN2Y4Ika3ViZXJu",
            "ZXRlcy5kZWZhdWx0LnN2Yy5jbHVzdGVyLmxvY2FsggRjcC0xMAUGAytlcANBADlJ",
            "k/WnDtQjlagElwI+zgfE8e1grAMK32C+Z+kRWUnExHoye/u5fZB+DeTvA4jhvHLB",
            "e8TjqFQTYWrYkEymWwU=",
        ])

    /// The same with CA:TRUE.
    static let signingServer = pem(
        [
            "MIIBjTCCAT+gAwIBAgIIC2TOQow4+ykwBQYDK2VwMBUxEzARBgNVBAMMCmt1YmVy",
            "bmV0ZXMwHhcNMjYwNjAxMDAwMDAwWhcNMjcwNjAxMDAwMDAwWjAZMRcwFQYDVQQD",
            "DA5rdWJlLWFwaXNlcnZlcjAqMAUGAytlcAMhAORf8c2fXn5BfjAc3vD322zIknJq",
            "eE/vDPfymPlBG0d2o4GoMIGlMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQD",
            "AgIEMBMGA1UdJQQMMAoGCCsGAQUFBwMBMG0GA1UdEQRmMGSCCmt1YmVybmV0ZXOC",
            "Emt1YmVybmV0ZXMuZGVmYXVsdIIWa3ViZXJuZXRlcy5kZWZhdWx0LnN2Y4Ika3Vi",
            "ZXJuZXRlcy5kZWZhdWx0LnN2Yy5jbHVzdGVyLmxvY2FsggRjcC0xMAUGAytlcANB",
            "AFGOBiIpHwAPhjb1rHLlZ697cpwvlHyLG5Lu48Rt/hWEu2Vcu5prPiOJUiyvKcnn",
            "JgkVPtoqFrtrkd8xFim5Mgk=",
        ])

    /// CN=kubernetes-admin, O=system:masters, by `authority`, until June 2027.
    static let mastersClient = pem(
        [
            "MIIBMzCB5qADAgECAggJB6cMEBLwNzAFBgMrZXAwFTETMBEGA1UEAwwKa3ViZXJu",
            "ZXRlczAeFw0yNjA2MDEwMDAwMDBaFw0yNzA2MDEwMDAwMDBaMDQxFzAVBgNVBAoM",
            "DnN5c3RlbTptYXN0ZXJzMRkwFwYDVQQDDBBrdWJlcm5ldGVzLWFkbWluMCowBQYD",
            "K2VwAyEAuk+4ibYLQn+rbBw5QA3+Ihsg2hmm58J1eqyT5hBKPlqjNTAzMAwGA1Ud",
            "EwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMCMAUG",
            "AytlcANBAGMmTCmc5136kRpE82XLig+nk59ieDi9M/RC9TiTVvXJc1AWDua7KKBn",
            "MPRbA+j98Jc1MwUZm5HvuioOwunx8wc=",
        ])

    /// CN=jane, O=dev, by `authority`, for three months from November 2026.
    static let client = pem(
        [
            "MIIBHDCBz6ADAgECAggJ53abD0IFtTAFBgMrZXAwFTETMBEGA1UEAwwKa3ViZXJu",
            "ZXRlczAeFw0yNjExMDEwMDAwMDBaFw0yNzAyMDEwMDAwMDBaMB0xDDAKBgNVBAoM",
            "A2RldjENMAsGA1UEAwwEamFuZTAqMAUGAytlcAMhALpPuIm2C0J/q2wcOUAN/iIb",
            "INoZpufCdXqsk+YQSj5aozUwMzAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIH",
            "gDATBgNVHSUEDDAKBggrBgEFBQcDAjAFBgMrZXADQQBWQxOAszhd8dmRVp2T1z5O",
            "R6u6bH/eadjNKS7hNpThwhmeV8VIFoP3poA0O5n9WcstDY9oMhmEduPScSOx2nEK",
        ])

    /// The same for five years.
    static let longClient = pem(
        [
            "MIIBHDCBz6ADAgECAggH8VBSNLm13zAFBgMrZXAwFTETMBEGA1UEAwwKa3ViZXJu",
            "ZXRlczAeFw0yNjAxMDEwMDAwMDBaFw0zMTAxMDEwMDAwMDBaMB0xDDAKBgNVBAoM",
            "A2RldjENMAsGA1UEAwwEamFuZTAqMAUGAytlcAMhALpPuIm2C0J/q2wcOUAN/iIb",
            "INoZpufCdXqsk+YQSj5aozUwMzAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIH",
            "gDATBgNVHSUEDDAKBggrBgEFBQcDAjAFBgMrZXADQQDDGRnSDjNqhNcYf1X6AvKD",
            "8HtG9gdkMRKWN0mkIshuHUqEPtiezcBGoJc7K6l5UsehW92EVaICQVm9PHgs6sEK",
        ])

    /// CN=kube-apiserver with an RSA key of 1024 bits.
    static let shortKey = pem(
        [
            "MIIBjzCCAUGgAwIBAgIICIHtFq4usVUwBQYDK2VwMBUxEzARBgNVBAMMCmt1YmVy",
            "bmV0ZXMwHhcNMjYwNjAxMDAwMDAwWhcNMjcwNjAxMDAwMDAwWjAZMRcwFQYDVQQD",
            "DA5rdWJlLWFwaXNlcnZlcjCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAtzsQ",
            "qOyd9NCX/8Y3UfNdNNznMhVnicsWVBGB+ybxF9XGiuQ4E9vlQN2OFoPwdzHfh2O0",
            "ewGqMOddwwCSiA66I9UJu+ZI7ZL5YMEFNjKUx4V7YPboblcBr50jVr/6ZR1HTKHA",
            "7S4LFZcoNExfLAL95VOc5xIufuj2s1TyOAJ+mdUCAwEAAaM1MDMwDAYDVR0TAQH/",
            "BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwBQYDK2Vw",
            "A0EAYfAaNpm2UZne6XZYj0RWmVXLyIJldZdxlIsZtBLpClZBIvVlobFFSLl5BmRY",
            "Kgjqp+Bem86AAnZDrcvO/UyODQ==",
        ])

    /// CN=kube-apiserver, signed over SHA-1.
    static let brokenDigest = pem(
        [
            "MIIBEzCBuwIBTTAJBgcqhkjOPQQBMBUxEzARBgNVBAMMCmt1YmVybmV0ZXMwHhcN",
            "MjYxMTI3MTIyODUzWhcNMjcxMTI3MTIyODUzWjAZMRcwFQYDVQQDDA5rdWJlLWFw",
            "aXNlcnZlcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC2UVvBt6gHQj5bVM5O2",
            "8FjMhLOmGklSxV8Nmj4iz010xcRVYFUbmnm6wuD4Mk9Vnaf87i016cYfFizIuz6w",
            "Bq0wCQYHKoZIzj0EAQNIADBFAiEAudkcj8ER1zGhMd6b2OTcNe8qMtr2eG15ES4O",
            "yDHJYUACIFtZl0GiAcpjclvdjVA2o9Qx+YyTWtN3J8bIgLxyxu/c",
        ])

    private static func pem(_ lines: [String]) -> String {
        (["-----BEGIN CERTIFICATE-----"] + lines + ["-----END CERTIFICATE-----", ""]).joined(separator: "\\n")
    }
}
