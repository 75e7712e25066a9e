import Documents
import Testing

@testable import BuiltInControls

/// What is taken for a credential, and above all what is not: a control that cries wolf is switched off.
struct CredentialTests {
    private func variable(_ name: String, _ value: String) throws -> String? {
        let text = "\(name): \(quoted(value))"
        let root = try #require(DocumentTree.parse("name: \(quoted(name))\nvalue: \(quoted(value))\n").tree.roots.first, "\(text)")
        return Credential.found(named: root["name"], in: root["value"])
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }

    @Test(arguments: [
        ("DB_PASSWORD", "example-only"), ("dbPassword", "example-only"), ("db.password", "12example"), ("API_KEY", "abc123"),
        ("api-key", "abc123"), ("AWS_SECRET_ACCESS_KEY", "abc/DEF+1"), ("azure_batch_key", "hello world"), ("GITHUB_TOKEN", "abcdef"),
        ("pwd", "Hpwd"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "abc"), ("CLIENT_SECRET", "c2VjcmV0"),
    ])
    func knowsSecretNames(name: String, value: String) throws {
        #expect(try variable(name, value) != nil)
    }

    /// Each stretch of text is read once: a value that begins a token at every third byte is a question of milliseconds.
    @Test func longValuesEnd() throws {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0"
        for start in ["eyJ", "eyJ-", "AKIA", "LTAI", "://:@", "-----BEGIN ", "glpat-", "ghp_"] {
            let flood = String(repeating: start, count: 200_000)
            _ = try variable("X", flood)
            #expect(try variable("X", flood + " " + token) != nil, "\(start)")
        }
        #expect(try variable("X", "xeyJ-" + token) != nil)
    }

    @Test(arguments: [
        ("DB_PASSWORD", ""), ("DB_PASSWORD", "$(DB_PASSWORD)"), ("DB_PASSWORD", "${DB_PASSWORD}"), ("DB_PASSWORD", "{{ .Values.password }}"),
        ("DB_PASSWORD", "/run/secrets/password"), ("DB_PASSWORD", "********"), ("DB_PASSWORD", "<your password>"), ("DB_PASSWORD", "vault:db/x#y"),
        ("DB_PASSWORD_FILE", "secret.txt"), ("TOKEN_URL", "https://login.example.com/token"), ("PASSWORD_MIN_LENGTH", "12"),
        ("MAX_TOKEN", "4096"), ("SECRET_NAME", "database"), ("USE_TOKEN", "true"), ("PWD", "/srv/app"), ("KEYBOARD", "de"), ("MONKEY", "yes"),
        ("aws_secret", "my/secret/file/path"), ("AUTHOR", "example-only"), ("TOKENIZER", "bert"), ("ENABLE_PASSWORD", "disabled"),
    ])
    func knowsWhatIsNoSecret(name: String, value: String) throws {
        #expect(try variable(name, value) == nil)
    }

    @Test(arguments: [
        "AKIA" + "IOSFODNN7EXAMPLE", "key=AKIA" + "IOSFODNN7EXAMPLE;", "LTAI" + "5tExampleExample", "ghp_" + String(repeating: "a1", count: 18),
        "-----BEGIN RSA PRIVATE KEY-----\nabc", "-----BEGIN CERTIFICATE-----\nabc\n-----BEGIN PRIVATE KEY-----\nabc",
        "postgres://shop:example-only@db/shop", "eyJhbGciOiJIUzI1NiIs" + ".eyJzdWIiOiIxMjM0In0.x", "glpat-" + "abcdefghij1234567890",
    ])
    func knowsCredentialsByTheirForm(value: String) throws {
        #expect(try variable("SETTING", value) != nil)
    }

    @Test(arguments: [
        "AKIA", "BAKIAIOSFODNN7EXAMPLE1", "-----BEGIN CERTIFICATE-----\nabc", "-----BEGIN PUBLIC KEY-----", "https://db.example.com/a@b",
        "postgres://shop:$(DB_PASSWORD)@db/shop", "postgres://shop@db/shop", "mailto://me@example.com", "eyJust a word", "-----", ":", "://",
    ])
    func knowsHarmlessForms(value: String) throws {
        #expect(try variable("SETTING", value) == nil)
    }

    private func entry(_ key: String, _ value: String) throws -> String? {
        let root = try #require(DocumentTree.parse("\(quoted(key)): \(quoted(value))\n").tree.roots.first)
        return Credential.found(inConfiguration: root.entry(named: key))
    }

    @Test(arguments: [
        "user=shop\ndb.password=example-only\n", "db:\n  password: example-only\n", "{\n  \"password\": \"example-only\",\n}\n",
        "\n# a comment\nAPI_TOKEN=abcdef\r\n",
    ])
    func findsSecretsInFiles(text: String) throws {
        #expect(try entry("app.conf", text) != nil)
    }

    @Test(arguments: [
        "user=shop\ndb.password=${DB_PASSWORD}\n", "# password: example-only\n\n", "password: \"\"\ntoken: null\n",
        "token = request.headers(\"x\")\nprint(token)\n", "if [ \"$token\" = \"x\" ]; then\nfi\n", "The token: any word of a sentence\nmore\n",
        "passwordPolicy: strong\nsecretName: database\n", "token = parse(x);\nreturn\n",
    ])
    func leavesOtherFilesAlone(text: String) throws {
        #expect(try entry("app.conf", text) == nil)
    }

    @Test func namesTheKeyOfShortEntries() throws {
        #expect(try entry("password", "example-only\n") != nil)
        #expect(try entry("password_file", "/run/x") == nil)
    }

    @Test func followsOptionsToTheirValues() throws {
        let root = try #require(DocumentTree.parse("[--user, shop, --password, example-only, --token=abc, --token-file=/x, -v]").tree.roots.first)
        let arguments = Array(try root.items())
        #expect(Credential.isSecretOption(arguments[2]) && !Credential.isSecretOption(arguments[0]) && !Credential.isSecretOption(arguments[4]))
        #expect(Credential.found(inArgument: arguments[3], afterSecretOption: true) != nil)
        #expect(Credential.found(inArgument: arguments[3], afterSecretOption: false) == nil)
        #expect(Credential.found(inArgument: arguments[4], afterSecretOption: false) != nil)
        #expect(Credential.found(inArgument: arguments[5], afterSecretOption: false) == nil)
        #expect(Credential.found(inArgument: arguments[6], afterSecretOption: true) == nil)
    }
}
