import Admission
import Testing
