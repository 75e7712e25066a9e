/// Certificates that libraries of today do not make any more, made once with OpenSSL 3.0; their keys were thrown away.
enum OldCertificates {
    /// RSA with 1024 bits, signed over MD5, serial number 77, O=old, CN=weak, by itself.
    static let md5 = """
        -----BEGIN CERTIFICATE-----
        MIICAzCCAWygAwIBAgIBTTANBgkqhkiG9w0BAQQFADAdMQwwCgYDVQQKDANvbGQx
        DTALBgNVBAMMBHdlYWswHhcNMjYxMTI3MTIzOTI4WhcNMzYxMTI0MTIzOTI4WjAd
        MQwwCgYDVQQKDANvbGQxDTALBgNVBAMMBHdlYWswgZ8wDQYJKoZIhvcNAQEBBQAD
        gY0AMIGJAoGBAMx6kjqPrML5W+QT6QfuEV6EFNmUhQ4GyHqBP7B+UF4aaRAaY3Fh
        Hqrgk8CQTexRC3hEKsiZgqEsYIT3tRV9Tjg1pwX4us+JsJt7be1/p/9EXwqjnzXE
        TmxmPUlstGj4cc33acl1DNM8LxzlcUcDMgTaEeqqsNf8mvzM7MdCugD/AgMBAAGj
        UzBRMB0GA1UdDgQWBBRSXRynqRWmzIXT/ouxOm3qgqgbSzAfBgNVHSMEGDAWgBRS
        XRynqRWmzIXT/ouxOm3qgqgbSzAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEB
        BAUAA4GBAGrkgilX6rESpt/LL0lcIV1ddTR1Y8182WYIHKuib09B7TKvUZP3VhIA
        ae8SzhEAO/CY3gGNVsFDRohJQr+Xve25yxzqR+l7cEMXgGi97fBHZuCgdmExvbz9
        SnzhmG8+H6FWChTBUlwKoVL5q1smFmherqe4CTYwENWvAVn7jrSa
        -----END CERTIFICATE-----
        """

    /// The curve P-224, by itself.
    static let p224 = """
        -----BEGIN CERTIFICATE-----
        MIIBXzCCAQ6gAwIBAgIUR0ZkSkbPPmMDaeHlHjINaMKhFVowCgYIKoZIzj0EAwIw
        DzENMAsGA1UEAwwEcDIyNDAeFw0yNjExMjcxMjM5MzBaFw0zNjExMjQxMjM5MzBa
        MA8xDTALBgNVBAMMBHAyMjQwTjAQBgcqhkjOPQIBBgUrgQQAIQM6AAQnVooqtsiP
        gFs6vYGxvjUlEciJqdjSmunXfHDun2ZrVHe+onnujRbNSMW85EtdiP8bQVX4oEJZ
        E6NTMFEwHQYDVR0OBBYEFJwJ5jFFqVm3m+I75EkapvfFGfnlMB8GA1UdIwQYMBaA
        FJwJ5jFFqVm3m+I75EkapvfFGfnlMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0E
        AwIDPwAwPAIcK8dPLkIBTE6eHhi0G0vHR44kmBrKMH+tGAXuNQIcJ5phbTsbiq9T
        xLldr0BOt4Cqz9yKbNRVOOz0Dw==
        -----END CERTIFICATE-----
        """

    /// Ed448, by itself.
    static let ed448 = """
        -----BEGIN CERTIFICATE-----
        MIIBfTCB/qADAgECAhQEhjSenoUZN9pAaKjSlzp8YeHClTAFBgMrZXEwDzENMAsG
        A1UEAwwEZTQ0ODAeFw0yNjExMjcxMjM5MzBaFw0zNjExMjQxMjM5MzBaMA8xDTAL
        BgNVBAMMBGU0NDgwQzAFBgMrZXEDOgC55b7t6jFOmPr6MpoOOThjY6aAH3kIP3me
        VIBEvLItJLKepvTEjqv3VRMUU2PpQZPn+h1vCEkb2ACjUzBRMB0GA1UdDgQWBBRa
        VwJ0Fo4MT8v08S6gf48gr6Om7zAfBgNVHSMEGDAWgBRaVwJ0Fo4MT8v08S6gf48g
        r6Om7zAPBgNVHRMBAf8EBTADAQH/MAUGAytlcQNzAFWe8buFtsbCyNBEe3nx7R6u
        66/IpfqDm4wxnfbSgLjnJFF82ZwU63WThwBDCsYbGBW6UxLXaG27gArcYKHLS4Kf
        oe9SfME1nYmHTJsHx6YQ4mpFII9SMPj2Yi4ZLnjUP31GDj+yM6jhf7/+TniHUz8I
        AA==
        -----END CERTIFICATE-----
        """

    /// RSA with 2048 bits and RSASSA-PSS over SHA-384, by itself.
    static let pss = """
        -----BEGIN CERTIFICATE-----
        MIIDZzCCAhqgAwIBAgIUKmXi73DbyAF2+rTvDeAnHZZq71swQgYJKoZIhvcNAQEK
        MDWgDzANBglghkgBZQMEAgIFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgIF
        AKIEAgIAzjAOMQwwCgYDVQQDDANwc3MwHhcNMjYxMTI3MTIzOTI5WhcNMzYxMTI0
        MTIzOTI5WjAOMQwwCgYDVQQDDANwc3MwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAw
        ggEKAoIBAQC6RZZaEaoewXAZNIcDPcqxWS4uHM4+xoLuJqV3aG+lN1rSjHal19EJ
        LsXi5pcAaMl8clCOwkWQB9ThdBCNHir3X5iuSuPmQHlwRIyS6SCZj5MpeOHSZtSk
        UBIPV2Qzf1V5fU94zvyfEt/sESM2HFbbfe4EA2dSr2C3fi9NKq9u2uD1tvDAFcv8
        iDaFHLMECuiZXGSeMS3jSD1uZdAUR+ck+NCOrtxeKqxpWtB5FOP0DAGbKFx/SIom
        wv+bQwUNEJqh2BVoqrgqBHNNGxU+apkKtI4UKTSAl5OoFXDwjGsy1RZ/FojJD2X8
        xwVNNx46O+zm92AojtrdqNJHRHd9Ro8RAgMBAAGjUzBRMB0GA1UdDgQWBBQBjc1A
        g+Q57nOmT5hFEYDu6o/76zAfBgNVHSMEGDAWgBQBjc1Ag+Q57nOmT5hFEYDu6o/7
        6zAPBgNVHRMBAf8EBTADAQH/MEIGCSqGSIb3DQEBCjA1oA8wDQYJYIZIAWUDBAIC
        BQChHDAaBgkqhkiG9w0BAQgwDQYJYIZIAWUDBAICBQCiBAICAM4DggEBABV/KChU
        KgbI8WJK/xopYfaErCKxg7O9gcDZai42pAdCYR8ShLMEvgWoUypgYOLsaKtBoQk/
        Nb/PynjxUmXM9ejQzdBzAAsnlOaRCY9qIDdQMVmRWyeMNEKvpAL/edCkbzCksEa8
        1+HO0sz38kEpORCJbZI3WNhjJp9vPCVmRZsNSEayBMzl0yO4LgAmk8N21nSkFGMS
        x1/AWhcvgZ9qECLPf/ZXvWKQ1MgBvbxrWPtTH/LDMxjGhk0q4RdkxZq8686nlPzo
        3XKhDtnLpMnYFJmz/Dmnw15Yn/9SbC8SCrbvY/zAO6s/Ii1MrJioNqwQUD6ez48N
        3OVNvIjY3GguCRg=
        -----END CERTIFICATE-----
        """

    /// A P-256 key's signature over SHA-1, in a certificate of version 1 without extensions.
    static let sha1 = """
        -----BEGIN CERTIFICATE-----
        MIIBEzCBuwIBTTAJBgcqhkjOPQQBMBUxEzARBgNVBAMMCmt1YmVybmV0ZXMwHhcN
        MjYxMTI3MTIyODUzWhcNMjcxMTI3MTIyODUzWjAZMRcwFQYDVQQDDA5rdWJlLWFw
        aXNlcnZlcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC2UVvBt6gHQj5bVM5O2
        8FjMhLOmGklSxV8Nmj4iz010xcRVYFUbmnm6wuD4Mk9Vnaf87i016cYfFizIuz6w
        Bq0wCQYHKoZIzj0EAQNIADBFAiEAudkcj8ER1zGhMd6b2OTcNe8qMtr2eG15ES4O
        yDHJYUACIFtZl0GiAcpjclvdjVA2o9Qx+YyTWtN3J8bIgLxyxu/c
        -----END CERTIFICATE-----
        """
}
